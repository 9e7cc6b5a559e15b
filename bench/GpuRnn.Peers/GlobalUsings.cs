// ILGPU and libtorch have Devices of their own; in this program the word means ours.
global using Device = GpuRnn.Devices.Device;
