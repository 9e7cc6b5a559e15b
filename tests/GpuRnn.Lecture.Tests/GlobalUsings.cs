global using GpuRnn.Testing;
global using NUnit.Framework;
global using System.Numerics;
