using System.CommandLine;
using GpuRnn.Peers.Commands;
using GpuRnn.Programs;

RootCommand root = CompareCommand.Create();
root.Add(TextCommand.Create());
root.Add(MemoryCommand.Create());
root.Add(MemoryCommand.CreateChild());
return await CommandProgram.Run("peers", root, args);
