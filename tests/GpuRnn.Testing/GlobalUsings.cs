global using NUnit.Framework;
global using Device = GpuRnn.Devices.Device;
global using System.Numerics;
