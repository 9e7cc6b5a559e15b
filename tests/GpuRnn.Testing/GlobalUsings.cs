global using System.Numerics;
global using NUnit.Framework;
global using Device = GpuRnn.Devices.Device;
