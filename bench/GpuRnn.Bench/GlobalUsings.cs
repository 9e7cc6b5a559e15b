// ILGPU has a Device of its own; in this program the word means ours.
global using Device = GpuRnn.Devices.Device;
