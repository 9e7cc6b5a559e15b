global using System.Numerics;
global using GpuRnn.Testing;
global using NUnit.Framework;
global using Device = GpuRnn.Devices.Device;
