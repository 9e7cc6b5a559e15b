global using GpuRnn.Testing;
global using NUnit.Framework;
