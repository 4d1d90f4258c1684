#!/usr/bin/python3
"""Makes pictures.tar: pictures in many encodings, whole and damaged, and what Pillow makes of each.

For a picture NAME.img there is NAME.rgb, the bytes of Image.open(...).convert("RGB"), and NAME.json:
width, height and mode; or, where Pillow refuses the picture, NAME.json alone, with its reason. Of an
animation Pillow shows the first picture; this project does not support it, as the name says. Run with Debian 12's python3-pil (9.4.0) and
python3-numpy:

    python3 make_pictures.py pictures.tar
"""
import io
import json
import struct
import sys
import tarfile
import zlib

import numpy
from PIL import Image, ImageCms

W, H = 23, 17
random = numpy.random.default_rng(2024)


def noise(width=W, height=H, coarse=4, channels=3):
    small = random.integers(0, 256, (max(2, height // coarse), max(2, width // coarse), channels), dtype=numpy.uint8)
    planes = [Image.fromarray(small[:, :, c]).resize((width, height), Image.BICUBIC) for c in range(channels)]
    return planes[0] if channels == 1 else Image.merge({3: "RGB", 4: "CMYK"}[channels], planes)


def encoded(image, form, **options):
    out = io.BytesIO()
    image.save(out, form, **options)
    return out.getvalue()


def jpeg(image, **options):
    return encoded(image, "JPEG", **options)


def segments(data):
    """(marker, bytes) of each segment before the scan, and all from the scan on."""
    at, found = 2, []
    while data[at + 1] != 0xDA:
        length = 2 + struct.unpack(">H", data[at + 2:at + 4])[0]
        found.append((data[at + 1], data[at:at + length]))
        at += length
    return found, data[at:]


def rebuilt(data, change):
    head, scan = segments(data)
    return data[:2] + b"".join(b for s in head for b in [change(*s)]) + scan


def without(data, *markers):
    return rebuilt(data, lambda marker, part: b"" if marker in markers else part)


def adobe(transform):
    return b"\xff\xee\x00\x0eAdobe\x00\x64\x00\x00\x00\x00" + bytes([transform])


def with_segment(data, segment):
    return data[:2] + segment + data[2:]


def with_ids(data, ids):
    def change(marker, part):
        if marker in (0xC0, 0xC1, 0xC2):
            part = bytearray(part)
            for i, c in enumerate(ids):
                part[10 + 3 * i] = c
        return bytes(part)

    head, scan = segments(data)
    scan = bytearray(scan)
    for i, c in enumerate(ids):
        scan[5 + 2 * i] = c
    return data[:2] + b"".join(change(*s) for s in head) + bytes(scan)


def jpegs():
    for quality in (30, 92):
        for subsampling in (0, 1, 2):
            for progressive in (False, True):
                name = f"jpeg-q{quality}-s{subsampling}" + ("-progressive" if progressive else "")
                yield name, jpeg(noise(), quality=quality, subsampling=subsampling, progressive=progressive)
    for size in ((1, 1), (2, 3), (8, 8), (16, 16), (17, 33), (40, 5)):
        yield f"jpeg-{size[0]}x{size[1]}", jpeg(noise(*size))
    yield "jpeg-hard-edges", jpeg(noise(coarse=1), quality=85)
    yield "jpeg-gray", jpeg(noise(channels=1))
    yield "jpeg-gray-progressive", jpeg(noise(channels=1), progressive=True)
    inks = jpeg(noise(channels=4), quality=90)
    yield "jpeg-cmyk-adobe", inks
    yield "jpeg-cmyk-progressive", jpeg(noise(channels=4), quality=90, progressive=True)
    yield "jpeg-cmyk-without-adobe", without(inks, 0xEE)
    yield "jpeg-ycck", with_segment(without(inks, 0xEE), adobe(2))
    yield "jpeg-ycck-transform-1", with_segment(without(inks, 0xEE), adobe(1))
    plain = jpeg(noise(), quality=90, subsampling=0)
    bare = without(plain, 0xE0)
    yield "jpeg-without-jfif", bare
    yield "jpeg-without-jfif-s2", without(jpeg(noise(), subsampling=2), 0xE0)
    yield "jpeg-rgb-by-adobe", with_segment(bare, adobe(0))
    yield "jpeg-ycc-by-adobe", with_segment(bare, adobe(1))
    yield "jpeg-jfif-wins-over-adobe", with_segment(plain, adobe(0))
    yield "jpeg-rgb-by-ids", with_ids(bare, b"RGB")
    yield "jpeg-other-ids", with_ids(bare, b"\x00\x01\x02")
    exif = Image.Exif()
    for orientation in (3, 6):
        exif[0x0112] = orientation
        yield f"jpeg-exif-orientation-{orientation}", jpeg(noise(), exif=exif)
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    yield "jpeg-profile", jpeg(noise(), icc_profile=profile)
    yield "jpeg-broken-profile", jpeg(noise(), icc_profile=b"no profile at all")
    yield "jpeg-gray-with-colour-profile", jpeg(noise(channels=1), icc_profile=profile)
    yield "jpeg-comment", jpeg(noise(), comment=b"a comment")
    yield "jpeg-broken-exif", with_segment(plain, b"\xff\xe1\x00\x0cExif\0\0\0\0\0\0")
    yield "jpeg-fill-bytes", plain[:2] + b"\xff\xff\xff" + plain[2:]
    yield "jpeg-bytes-behind", plain + b"behind the end"
    yield "jpeg-without-end", plain[:-2]
    large = jpeg(noise(64, 64), quality=92)
    yield "jpeg-half", large[:len(large) // 2]
    yield "jpeg-header-only", plain[:300]
    yield "jpeg-cut-in-header", plain[:30]
    progressive = jpeg(noise(60, 40), progressive=True)
    yield "jpeg-progressive-half", progressive[:len(progressive) // 2]
    scan = len(plain) - len(segments(plain)[1])
    flipped = bytearray(plain)
    flipped[scan + (len(plain) - scan) // 2] ^= 0x10
    yield "jpeg-flipped-bit", bytes(flipped)
    zeroed = bytearray(jpeg(noise(64, 64)))
    zeroed[-200:-150] = bytes(50)
    yield "jpeg-zeros-in-scan", bytes(zeroed)


def chunk(kind, data, bad=False):
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data) ^ bad)


def png(kind, bits, rows, width, height, *before, interlace=0):
    return (b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, bits, kind, 0, 0, interlace))
            + b"".join(before) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b""))


def raw(kind, bits, *before):
    channels = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}[kind]
    length = (W * channels * bits + 7) // 8
    rows = b"".join(b"\0" + random.bytes(length) for _ in range(H))
    return png(kind, bits, rows, W, H, *before)


def interlaced():
    pixels = random.integers(0, 256, (H, W, 3), dtype=numpy.uint8)
    rows = b""
    for top, left, down, right in ((0, 0, 8, 8), (0, 4, 8, 8), (4, 0, 8, 4), (0, 2, 4, 4), (2, 0, 4, 2), (0, 1, 2, 2), (1, 0, 2, 1)):
        for row in pixels[top::down, left::right]:
            rows += b"\0" + row.tobytes()
    return png(2, 8, rows, W, H, interlace=1)


def pngs():
    palette = chunk(b"PLTE", random.bytes(3 * 256))
    short = chunk(b"PLTE", random.bytes(3 * 4))
    for bits in (1, 2, 4, 8, 16):
        yield f"png-gray-{bits}", raw(0, bits)
    for bits in (1, 2):
        yield f"png-palette-{bits}", raw(3, bits, short)
    yield "png-palette-4", raw(3, 4, chunk(b"PLTE", random.bytes(3 * 16)))
    yield "png-palette-8", raw(3, 8, palette)
    yield "png-palette-transparent", raw(3, 8, palette, chunk(b"tRNS", random.bytes(200)))
    yield "png-palette-too-short", raw(3, 8, short)
    for bits in (8, 16):
        yield f"png-rgb-{bits}", raw(2, bits)
        yield f"png-gray-alpha-{bits}", raw(4, bits)
        yield f"png-rgb-alpha-{bits}", raw(6, bits)
        yield f"png-rgb-{bits}-transparent-colour", raw(2, bits, chunk(b"tRNS", b"\0\1\0\2\0\3"))
        yield f"png-gray-{bits}-transparent-level", raw(0, bits, chunk(b"tRNS", b"\0\x30"))
    yield "png-gray-1-transparent-level", raw(0, 1, chunk(b"tRNS", b"\0\0"))
    yield "png-filtered", encoded(noise(), "PNG")
    yield "png-interlaced", interlaced()
    yield "png-gamma", raw(2, 8, chunk(b"gAMA", struct.pack(">I", 100000)))
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    yield "png-profile", encoded(noise(), "PNG", icc_profile=profile)
    yield "png-broken-profile", raw(2, 8, chunk(b"iCCP", b"x\0\0no profile"))
    yield "png-text", raw(2, 8, chunk(b"tEXt", b"Title\0text"))
    yield "png-unknown-chunk", raw(2, 8, chunk(b"prVt", b"whatever"))
    yield "png-broken-text-checksum", raw(2, 8, chunk(b"tEXt", b"Title\0text", bad=True))
    whole = encoded(noise(), "PNG")
    broken = bytearray(whole)
    broken[29] ^= 1
    yield "png-broken-header-checksum", bytes(broken)
    at = whole.index(b"IDAT")
    size = struct.unpack(">I", whole[at - 4:at])[0]
    broken = bytearray(whole)
    broken[at + 4 + size] ^= 1
    yield "png-broken-pixel-checksum", bytes(broken)
    yield "png-without-end", whole[:-12]
    yield "png-cut-in-checksum", whole[:-14]
    yield "png-palette-without-end", raw(3, 8, palette)[:-12]
    yield "png-half", whole[:len(whole) // 2]
    yield "png-header-only", whole[:33]
    yield "png-signature-only", whole[:8]
    yield "png-bytes-behind", whole + b"behind the end"
    flipped = bytearray(whole)
    flipped[at + 4 + size // 2] ^= 0x10
    yield "png-flipped-bit", bytes(flipped)
    yield "png-rows-too-many", png(2, 8, bytes(3 * W + 1) * (H + 3), W, H)
    pixels = zlib.compress(b"".join(b"\0" + random.bytes(3 * W) for _ in range(H)))
    head = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", W, H, 8, 2, 0, 0, 0))
    yield "png-pixels-in-parts", head + b"".join(chunk(b"IDAT", pixels[i:i + 50]) for i in range(0, len(pixels), 50)) + chunk(b"IEND", b"")


def webps():
    yield "webp-lossy", encoded(noise(), "WEBP", quality=80)
    yield "webp-hard-edges", encoded(noise(coarse=1), "WEBP", quality=50)
    yield "webp-lossless", encoded(noise(), "WEBP", lossless=True)
    alpha = noise().convert("RGBA")
    alpha.putalpha(noise(channels=1))
    yield "webp-lossy-alpha", encoded(alpha, "WEBP", quality=80)
    yield "webp-lossless-alpha", encoded(alpha, "WEBP", lossless=True)
    yield "webp-lossless-exact-alpha", encoded(alpha, "WEBP", lossless=True, exact=True)
    yield "webp-1x1", encoded(noise(1, 1), "WEBP")
    exif = Image.Exif()
    exif[0x0112] = 6
    yield "webp-exif-orientation", encoded(noise(), "WEBP", exif=exif)
    whole = encoded(noise(), "WEBP", quality=80)
    yield "webp-half", whole[:len(whole) // 2]
    yield "webp-header-only", whole[:20]
    yield "webp-bytes-behind", whole + b"behind the end"
    yield "webp-animated-unsupported", encoded(noise(), "WEBP", save_all=True, append_images=[noise()], quality=80)


def others():
    yield "empty", b""
    yield "text", b"not a picture"
    yield "html", b"<html><body>404</body></html>"


def main(target):
    with tarfile.open(target, "w", format=tarfile.USTAR_FORMAT) as tar:
        def add(name, data):
            entry = tarfile.TarInfo(name)
            entry.size = len(data)
            entry.mtime = 1700000000
            tar.addfile(entry, io.BytesIO(data))

        for pictures in (jpegs(), pngs(), webps(), others()):
            for name, data in pictures:
                try:
                    image = Image.open(io.BytesIO(data))
                    image.load()
                    facts = {"mode": image.mode}
                    image = image.convert("RGB")
                    facts.update(width=image.width, height=image.height)
                except Exception as e:
                    image = None
                    facts = {"refused": f"{type(e).__name__}: {e}".replace(hex(id(data)), "")[:80].split(" <")[0]}
                add(name + ".img", data)
                if image:
                    add(name + ".rgb", image.tobytes())
                add(name + ".json", json.dumps(facts).encode())
                print(f"{name:36} {len(data):6} {facts}")


main(sys.argv[1])
