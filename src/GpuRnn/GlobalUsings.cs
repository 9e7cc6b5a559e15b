// ILGPU has a Device of its own; in this library the word means ours.
global using System.Numerics;
global using Device = GpuRnn.Devices.Device;
global using KernelConfig = ILGPU.KernelConfig;
