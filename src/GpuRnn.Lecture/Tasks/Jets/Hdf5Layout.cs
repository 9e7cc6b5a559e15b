using System.Text;
using PureHDF;

namespace GpuRnn.Lecture.Tasks.Jets;

/// <summary>
/// Where the columns of a table lie in an HDF5 file. pandas' format "table" is a group of that name with one dataset, whose rows have a
/// member "values_block_n" for all columns of a type, and their names in the attribute "values_block_n_kind". Its format "fixed" is a
/// group with "block_n_values", [row, column], and "block_n_items", the names. PyTables' own tables have a member for each column.
/// </summary>
static class Hdf5Layout
{
    const string Key = "table", Expected = "a table of pandas or PyTables, best with the key 'table'";

    /// <summary>The datasets that hold the table; more than one in pandas' format "fixed".</summary>
    public static List<Hdf5Table> Find(string path, IH5Group root)
    {
        IH5Object found = root;
        if (root.LinkExists(Key)) found = root.Get(Key);
        else
        {
            IH5Object[] children = [.. root.Children()];
            if (children.Length != 1)
                throw JetColumns.Wrong(path, $"it has {children.Length} objects and none with the key '{Key}'", Expected);
            found = children[0];
        }
        if (found is IH5Group group && group.LinkExists("table")) found = group.Get("table");
        List<Hdf5Table> tables = found switch
        {
            IH5Dataset dataset when dataset.Type.Class == H5DataTypeClass.Compound && dataset.Space.Rank == 1 => [Members(path, dataset)],
            IH5Group blocks when blocks.LinkExists("block0_values") => Blocks(path, blocks),
            _ => throw JetColumns.Wrong(path, $"'{found.Name}' is none", Expected),
        };
        return tables;
    }

    static Hdf5Table Members(string path, IH5Dataset dataset)
    {
        List<Hdf5Column> columns = [];
        foreach (CompoundMember member in dataset.Type.Compound.Members)
        {
            string attribute = member.Name + "_kind";
            bool isArray = member.Type.Class == H5DataTypeClass.Array;
            IH5DataType type = isArray ? member.Type.Array.BaseType : member.Type;
            int count = member.Type.Size / type.Size;
            List<string>? names = [member.Name];
            if (member.Name != "index" && dataset.AttributeExists(attribute)) names = Names(dataset.Attribute(attribute));
            // an array without names is none of pandas'
            if (names is null || names.Count != count)
                throw JetColumns.Wrong(
                    path,
                    $"member '{member.Name}' has {count} columns and {names?.Count ?? 0} names for them",
                    "a pickled list of names in its attribute " + attribute);
            for (int i = 0; i < count; i++) columns.Add(new(names[i], member.Offset + i * type.Size, type));
        }
        return new(dataset, dataset.Type.Size, columns);
    }

    static List<Hdf5Table> Blocks(string path, IH5Group group)
    {
        List<Hdf5Table> tables = [];
        for (int block = 0; group.LinkExists($"block{block}_values"); block++)
        {
            IH5Dataset values = group.Dataset($"block{block}_values");
            string[] names = group.Dataset($"block{block}_items").Read<string[]>();
            if (values.Space.Rank != 2 || values.Space.Dimensions[1] != (ulong)names.Length)
                throw JetColumns.Wrong(
                    path,
                    $"block {block} has {names.Length} names for [{string.Join(", ", values.Space.Dimensions)}] values",
                    "[rows, names] values");
            int size = values.Type.Size;
            tables.Add(new(values, size * names.Length,
                [.. names.Select((name, i) => new Hdf5Column(name.TrimEnd('\0'), i * size, values.Type))]));
        }
        if (tables.Any(t => t.Rows != tables[0].Rows))
            throw JetColumns.Wrong(path, "its blocks have different numbers of rows", "as many in each");
        return tables;
    }

    // pandas pickles in a protocol whose bytes are text, or of which HDF5 libraries make text
    static List<string>? Names(IH5Attribute attribute) =>
        attribute.Type.Class == H5DataTypeClass.String ? PickledNames.Read(Encoding.UTF8.GetBytes(attribute.Read<string>())) : null;
}
