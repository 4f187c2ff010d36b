"""Papers to sign, and what forgers append to them."""

import io
from functools import cache

import pikepdf
from pikepdf import Dictionary, Name, Stream
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter

TEXT = b"BT /F1 24 Tf 40 300 Td (%s) Tj ET"


@cache
def plain_paper(words: bytes = b"Ket qua: duoc cong nhan") -> bytes:
    """One page with a text, written by another library than the one that signs."""
    out = io.BytesIO()
    with pikepdf.new() as pdf:
        page = pdf.add_blank_page(page_size=(842, 595))
        font = Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica)
        page.Resources = Dictionary(Font=Dictionary(F1=pdf.make_indirect(font)))
        page.Contents = Stream(pdf, TEXT % words)
        pdf.docinfo["/Title"] = "Giấy chứng nhận"
        pdf.save(out, deterministic_id=True, compress_streams=False)
    return out.getvalue()


def appended(content: bytes, attack: str) -> bytes:
    """An incremental update by whoever holds the file: every signed byte stays."""
    stream = io.BytesIO(content)
    writer = IncrementalPdfFileWriter(stream, strict=False)
    page = writer.root["/Pages"]["/Kids"][0]
    if attack == "content":  # the page shows other words
        page["/Contents"] = writer.add_object(generic.StreamObject(stream_data=TEXT % b"Ket qua: giai nhat"))
    elif attack == "annotation":  # a note lies over the text
        note = writer.add_object(_square(writer))
        page[generic.pdf_name("/Annots")] = generic.ArrayObject([*page.get("/Annots", []), note])
    elif attack == "hide":  # the content goes, something below would show
        page["/Contents"] = writer.add_object(generic.StreamObject(stream_data=b""))
    elif attack == "replace":  # the font, and so the letters, change
        page["/Resources"]["/Font"]["/F1"]["/BaseFont"] = generic.pdf_name("/ZapfDingbats")
        writer.update_container(page["/Resources"]["/Font"]["/F1"])
    elif attack == "hide_and_replace":  # another page takes the place of the signed one
        other = generic.DictionaryObject(page)
        other[generic.pdf_name("/Contents")] = writer.add_object(generic.StreamObject(stream_data=TEXT % b"Khac"))
        pages = writer.root["/Pages"]
        pages["/Kids"] = generic.ArrayObject([writer.add_object(other)])
        writer.update_container(pages)
    elif attack == "second_paper":  # one more page
        pages = writer.root["/Pages"]
        pages["/Kids"].append(writer.add_object(generic.DictionaryObject(page)))
        pages["/Count"] = generic.NumberObject(2)
        writer.update_container(pages)
    else:
        raise LookupError(attack)
    writer.update_container(page)
    writer.write_in_place()
    return stream.getvalue()


def _square(writer):
    shape = generic.StreamObject(
        {
            generic.pdf_name("/Type"): generic.pdf_name("/XObject"),
            generic.pdf_name("/Subtype"): generic.pdf_name("/Form"),
            generic.pdf_name("/BBox"): generic.ArrayObject(map(generic.NumberObject, (0, 0, 400, 40))),
        },
        stream_data=b"1 1 1 rg 0 0 400 40 re f",
    )
    return generic.DictionaryObject(
        {
            generic.pdf_name("/Type"): generic.pdf_name("/Annot"),
            generic.pdf_name("/Subtype"): generic.pdf_name("/Square"),
            generic.pdf_name("/Rect"): generic.ArrayObject(map(generic.NumberObject, (30, 290, 430, 330))),
            generic.pdf_name("/AP"): generic.DictionaryObject({generic.pdf_name("/N"): writer.add_object(shape)}),
        }
    )
