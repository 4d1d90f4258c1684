#!/usr/bin/python3
"""Makes arrays.tar: npy and npz files of many types, and as TYPE.json their values. Run with NumPy:

    python3 make_arrays.py arrays.tar
"""
import io
import json
import sys
import tarfile

import numpy

values = numpy.array([[[0, 1, 2], [3, 40, 100]], [[7, 8, 9], [10, 11, 12]]])
fractions = numpy.array([0.5, -1.25, 1e-5, 65504, -0.0, 6e-8, 3.14159], dtype=numpy.float64)


def npy(array, **options):
    out = io.BytesIO()
    numpy.lib.format.write_array(out, array, **options)
    return out.getvalue()


def npz(save, **arrays):
    out = io.BytesIO()
    save(out, **arrays)
    return out.getvalue()


def files():
    for kind in ("<f2", "<f4", "<f8", ">f4", ">f8", "|i1", "|u1", "<i2", ">i2", "<u2", "<i4", "<u4", "<i8"):
        yield kind.strip("<>|") + ("-big" if ">" in kind else ""), "npy", npy(values.astype(kind)), [values]
    yield "truth", "npy", npy(values > 5), [(values > 5).astype(int)]
    yield "half-fractions", "npy", npy(fractions.astype("f2")), [fractions.astype("f2").astype("f8")]
    yield "fortran", "npy", npy(numpy.asfortranarray(values.astype("f4"))), [values]
    yield "version-2", "npy", npy(values.astype("f4"), version=(2, 0)), [values]
    yield "version-3", "npy", npy(values.astype("f4"), version=(3, 0)), [values]
    yield "scalar", "npy", npy(numpy.array(5.0)), [numpy.array(5)]
    yield "vector", "npy", npy(numpy.arange(4.0)), [numpy.arange(4)]
    yield "empty", "npy", npy(numpy.zeros((0, 3))), [numpy.zeros((0, 3))]
    yield "bytes-behind", "npy", npy(values.astype("f4")) + b"behind", [values]
    yield "npz-stored", "npz", npz(numpy.savez, b=values.astype("f4"), a=fractions), [values, fractions]
    yield "npz-compressed", "npz", npz(numpy.savez_compressed, b=values.astype("f2")), [values]
    yield "refused-objects", "npy", npy(numpy.array([{}, None])), None
    yield "refused-text", "npy", npy(numpy.array(["a", "b"])), None
    yield "refused-complex", "npy", npy(values.astype("c8")), None
    yield "refused-cut", "npy", npy(values.astype("f4"))[:-1], None
    yield "refused-header-cut", "npy", npy(values.astype("f4"))[:40], None
    yield "refused-npz-cut", "npz", npz(numpy.savez, a=values)[:150], None
    yield "refused-npz-of-nothing", "npz", b"nothing", None


with tarfile.open(sys.argv[1], "w", format=tarfile.USTAR_FORMAT) as tar:
    def add(name, data):
        entry = tarfile.TarInfo(name)
        entry.size = len(data)
        entry.mtime = 1700000000
        tar.addfile(entry, io.BytesIO(data))

    for name, extension, data, arrays in files():
        add(f"{name}.{extension}", data)
        add(f"{name}.json", json.dumps(arrays and [{"shape": a.shape, "values": a.astype("f4").ravel().tolist()} for a in arrays]).encode())
