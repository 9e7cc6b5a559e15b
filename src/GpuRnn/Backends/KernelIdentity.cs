using System.Reflection;
using System.Security.Cryptography;
using System.Text;
using ILGPU;

namespace GpuRnn.Backends;

/// <summary>
/// What names a kernel's code beyond this process: all that its text follows from, which is the method, the modules that it and its types
/// come from, ILGPU, and how it compiles.
/// </summary>
static class KernelIdentity
{
    /// <summary>A hash of all that.</summary>
    /// <param name="method">The kernel.</param>
    /// <param name="how">How it is compiled, or used.</param>
    public static string Of(MethodInfo method, string how)
    {
        SortedSet<string> modules = [];
        Collect(typeof(KernelIdentity), modules);
        Collect(typeof(Context), modules);
        Collect(method.DeclaringType!, modules);
        foreach (Type type in method.GetGenericArguments()) Collect(type, modules);
        string all = string.Join('\n', [
            method.DeclaringType!.FullName!, method.Name, .. method.GetGenericArguments().Select(t => t.ToString()), how, .. modules]);
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(all)));
    }

    static void Collect(Type type, SortedSet<string> modules)
    {
        modules.Add(type.Module.ModuleVersionId.ToString());
        foreach (Type argument in type.GetGenericArguments()) Collect(argument, modules);
    }
}
