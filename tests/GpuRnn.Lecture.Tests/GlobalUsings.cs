global using Device = GpuRnn.Devices.Device;
global using GpuRnn.Testing;
global using NUnit.Framework;
