// The tools of every kernel: device memory, register tiles, threads.
global using System.Numerics;
global using GpuRnn.Kernels.Memory;
global using GpuRnn.Kernels.Products;
global using GpuRnn.Kernels.Workers;
