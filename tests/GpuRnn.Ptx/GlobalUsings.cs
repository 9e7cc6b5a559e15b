global using Device = GpuRnn.Devices.Device;
