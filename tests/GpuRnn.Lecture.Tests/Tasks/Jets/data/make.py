"""Makes the files of this folder: the same 6 jets of up to 8 constituents in the layouts that pandas and PyTables write.

Debian 12: apt-get install python3-pandas python3-tables; /usr/bin/python3 make.py
Columns and names are those of the Top Quark Tagging Reference Dataset (Kasieczka et al., Zenodo 2603256).
"""
import numpy, pandas, tables, warnings

warnings.simplefilter("ignore")
SLOTS = 8
random = numpy.random.RandomState(1)
columns = {}
rows = []
for row in range(6):
    count = 8 if row == 0 else 2 + row
    pt = numpy.sort(random.exponential(80, count))[::-1].astype(numpy.float32)
    phi, eta = random.normal(1, 0.2, count), random.normal(0.5, 0.2, count)
    px, py, pz = pt * numpy.cos(phi), pt * numpy.sin(phi), pt * numpy.sinh(eta)
    e = numpy.sqrt(px * px + py * py + pz * pz)
    padded = numpy.zeros((SLOTS, 4), numpy.float32)
    padded[:count] = numpy.stack([e, px, py, pz], 1)
    rows.append(padded.ravel())
names = [f"{q}_{i}" for i in range(SLOTS) for q in ("E", "PX", "PY", "PZ")]
frame = pandas.DataFrame(numpy.array(rows), columns=names)
for name in ("truthE", "truthPX", "truthPY", "truthPZ"):
    frame[name] = numpy.float32(0)
frame["ttv"] = 0
frame["is_signal_new"] = [0, 1, 0, 1, 1, 0]

def save(name, data=frame, **how):
    data.to_hdf(name, key="table", mode="w", **how)

def save_small(name, data=frame, **how):
    """A table without pandas' search index, compressed: most of a small file is a whole chunk of space."""
    how.setdefault("complib", "zlib")
    save(name, data, format="table", complevel=5, index=False, **how)

save("table.h5", format="table", index=False)
save("fixed.h5", format="fixed")
save("fixed-blosc.h5", format="fixed", complib="blosc", complevel=9)
save_small("float64.h5", frame.astype({n: "float64" for n in names}))
for library in ("zlib", "bzip2", "lzo", "blosc:blosclz", "blosc:lz4", "blosc:zlib", "blosc:zstd"):
    save_small(f"{library.replace(':', '-')}.h5", complib=library)
save_small("data-columns.h5", data_columns=["ttv", "is_signal_new"])
save_small("missing.h5", frame.drop(columns=["PY_3"]))
bad = frame.copy()
bad.loc[3, "PX_1"] = numpy.nan
save_small("nan.h5", bad)
label = frame.copy()
label.loc[2, "is_signal_new"] = 2
save_small("label.h5", label)
save_small("one-class.h5", frame[frame.is_signal_new == 1])

# a plain PyTables table: one field for each column
kinds = numpy.dtype([(n, frame[n].dtype.str) for n in frame.columns])
records = numpy.array([tuple(r) for r in frame.itertuples(index=False)], dtype=kinds)
for name, data, library in (("pytables.h5", records, "zlib"), ("empty.h5", records[:0], "zlib")):
    with tables.open_file(name, "w", filters=tables.Filters(5, library)) as file:
        file.create_table("/", "table", data)

# many rows: chunks that compression shrinks, several of them
many = pandas.concat([frame] * 700, ignore_index=True)
save_small("many.h5", many, complib="blosc")

# what repeats is 19 kB away: far matches of the codecs
far = pandas.concat([frame] * 17, ignore_index=True)[:100]
far[names] *= random.uniform(1, 2, (100, 1)).astype(numpy.float32)
far = pandas.concat([far] * 4, ignore_index=True)
for library in ("zlib", "blosc:blosclz", "blosc:lz4"):
    far.to_hdf(f"far-{library.replace(':', '-')}.h5", key="table", mode="w", format="table", index=False, complib=library, complevel=9)
frame.to_csv("jets.csv", index=False)
