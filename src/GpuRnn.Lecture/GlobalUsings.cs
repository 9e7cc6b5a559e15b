// ILGPU has a Device of its own; in this library the word means ours.
global using Device = GpuRnn.Devices.Device;
