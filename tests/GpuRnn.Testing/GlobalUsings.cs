global using Device = GpuRnn.Devices.Device;
global using NUnit.Framework;
