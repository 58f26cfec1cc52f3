"""Registers as people keep them: what a table says, where, and what is wrong with it."""

from __future__ import annotations

import pytest

from pytest_icp.facts.files.schema import InvalidDocument
from pytest_icp.law.errors import InputError
from pytest_icp.sources.register import lists_of, read_register
from pytest_icp.sources.request import Request
from tests.sources.reading import refused

HEAD = "标识,种类,收到时间,答复时间,办结时间\n"


@pytest.fixture
def read(tmp_path):
    def read(text, name="complaints.csv", **settings):
        raw = text if isinstance(text, bytes) else text.encode()
        (tmp_path / name).write_bytes(raw)
        path = tmp_path / name
        return read_register(Request(path=path, root=tmp_path, folder=tmp_path, settings=settings))

    return read


def told(error):
    """Every problem of an error, in English, with its hint."""
    problems = error.problems if isinstance(error, InvalidDocument) else [error]
    return [(one.message.en, one.hint.en) for one in problems]


def test_a_row_is_an_element_and_each_cell_has_its_place(read):
    derived = read(HEAD + "c-1,service,2023/9/1,2023年9月10日,2023-09-12 15:30\nc-2,fee,,未发生,\n")
    assert derived.facts == {
        "complaints": [
            {
                "id": "c-1",
                "kind": "service",
                "received_at": "2023-09-01",
                "answered_at": "2023-09-10",
                "closed_at": "2023-09-12T15:30",
            },
            {"id": "c-2", "kind": "fee", "answered_at": "never"},
        ]
    }
    found = derived.trace("/complaints/0/closed_at")
    assert (found.place.line, found.address, found.attribute) == (2, "E2", "办结时间")
    # An empty cell is where the fact belongs; the row is where its id is.
    assert derived.trace("/complaints/1/received_at").address == "C3"
    assert derived.trace("/complaints/1").address == "A3"
    assert derived.trace("/complaints").place.line is None
    assert derived.trace("/complaints/7/kind").place.line is None
    assert not derived.gaps


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gbk", "gb18030", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_encodings_and_delimiters(read, encoding, delimiter):
    text = (HEAD + "c-1,service,2023-9-1,,\n").replace(",", delimiter).replace("\n", "\r\n")
    derived = read(text.encode(encoding))
    assert derived.facts["complaints"][0]["received_at"] == "2023-09-01"


def test_headings_are_titles_in_either_language_or_names_of_properties(read):
    derived = read("Identifier, KIND ,received_at,答复时间\nc-1,fee,2023-09-01,\n")
    assert derived.facts["complaints"] == [
        {"id": "c-1", "kind": "fee", "received_at": "2023-09-01"}
    ]


def test_headings_of_ones_own_are_mapped(read):
    derived = read(
        "编号,受理日期,投诉人\n17,20230901,某某\n",
        "2023.csv",
        list="投诉",
        columns={"编号": "id", "受理日期": "收到时间", "投诉人": None},
    )
    assert derived.facts["complaints"] == [{"id": "17", "received_at": "2023-09-01"}]


INSTANCES = (
    "实例ID,实例名称,公网IP,可用区,状态\ni-1,web,39.106.1.1,cn-beijing-h,运行中\ni-2,db,,,停止\n"
)


@pytest.mark.parametrize("encoding", ["gbk", "utf-8-sig"])
def test_a_table_out_of_the_console_of_a_cloud(read, encoding):
    columns = {"实例ID": "id", "公网IP": "ips", "可用区": "location.cloud_region.id"}
    left = {"实例名称": None, "状态": None}
    raw = INSTANCES.encode(encoding)
    derived = read(raw, list="servers", columns=columns | left, cloud="alicloud")
    region = {"provider": "alicloud", "id": "cn-beijing-h"}
    assert derived.facts["servers"] == [
        {
            "id": "i-1",
            "ips": ["39.106.1.1"],
            "location": {"cloud_region": region},
            "provider": {"name": "阿里云计算有限公司"},
        },
        {"id": "i-2"},
    ]
    assert derived.trace("/servers/0/location/cloud_region/provider").address == "A2"


def test_objects_have_titles_with_a_dot_and_an_only_property_the_title_of_its_object(read):
    derived = read(
        '标识,文件,负责岗位,出具日期,最长有效天数\na,doc/a.pdf,合规负责人,2023.1.5,"1,000"\n',
        "attestations.csv",
    )
    assert derived.facts["attestations"][0]["owner"] == {"role": "合规负责人"}
    assert derived.facts["attestations"][0]["max_age_days"] == 1000
    incident = read("Identifier,Notice to users.At\ni,2023-01-05 3:30 PM\n", "incidents.csv")
    assert incident.facts["incidents"][0]["user_notice"] == {"at": "2023-01-05T15:30"}
    assert incident.trace("/incidents/0/user_notice").address == "B2"


def test_a_template_that_is_not_filled_in_says_nothing(read):
    derived = read(HEAD + "# 标识,service,2023-11-20,,\n")
    assert derived.facts == {}
    assert [gap.kinds for gap in derived.gaps] == [{"complaints"}]
    assert not derived.remarks
    filled = read(HEAD + "# 标识,,,,\n#17,fee,,,\n")
    assert filled.facts == {"complaints": [{"id": "#17", "kind": "fee"}]}
    assert not filled.gaps
    assert [one.en for one in filled.remarks] == [
        "complaints.csv: 1 row beginning with # is a note and was not read"
    ]
    assert read("#\n").facts == {}


def test_a_caption_notes_empty_rows_and_cells_in_several_lines(read):
    derived = read(
        '投诉登记表,,\n\n标识,种类,收到时间\n"c\n1",fee,\n,,\n#,see above,\nc-2,fee,2023-1-2\n'
    )
    assert [one["id"] for one in derived.facts["complaints"]] == ["c\n1", "c-2"]
    last = derived.trace("/complaints/1/received_at")
    assert (last.place.line, last.address) == (8, "C7")


def test_the_first_line_may_tell_the_delimiter(read):
    assert read("sep=;\n标识;种类\na,b;fee\n").facts["complaints"][0]["id"] == "a,b"


def test_every_bad_cell_is_told_with_its_address(read):
    error = refused(
        read,
        HEAD + "c-1,servic,03/04/2023,2023-02-30,y\nc-1,fine,#REF!,,\n,fee,,,\nc-3,fee,,,,x\n",
    )
    assert [(one.place.line, one.message.en) for one in error.problems] == [
        (2, "B2: 'servic' is not one of the choices"),
        (2, "C2: '03/04/2023': which is the day, and which the month?"),
        (2, "D2: '2023-02-30' is not a day or time that exists"),
        (2, "E2: 'y' is not a date"),
        (3, "B3: 'fine' is not one of the choices"),
        (3, "C3: the cell has '#REF!': a formula failed, or the column was too narrow"),
        (5, "F5: there is no heading above this cell"),
        (3, "A3: 'c-1' is used in A2 already"),
        (4, "A4: this row has no Identifier"),
    ]
    hints = [one.hint.en for one in error.problems]
    assert hints[0] == "did you mean 'service'?"
    assert hints[3].endswith("15:30; or 'never'")
    assert "'service', 'fee'" in hints[4]


def test_a_column_without_a_heading_is_left_out_while_it_is_empty(read):
    assert read("标识,,种类\na,,fee\n").facts["complaints"] == [{"id": "a", "kind": "fee"}]
    error = refused(read, "标识,,种类\n#N/A,x,fee\n")
    assert [one.message.en for one in error.problems] == [
        "A2: the cell has '#N/A': a formula failed, or the column was too narrow",
        "B2: there is no heading above this cell",
    ]


def test_unknown_headings(read):
    error = refused(read, "标识,收到日期,qqqq,种类,Kind\nc-1,,,,\n")
    leave_out = "to leave columns out: `columns: {收到日期: null, qqqq: null}`"
    assert told(error) == [
        ("E1: Kind is the same column as 种类", "keep one; set the other to null in `columns`"),
        ("B1: Complaints has no column 收到日期", f"did you mean '收到时间'? {leave_out}"),
        ("C1: Complaints has no column qqqq", leave_out),
    ]


def test_a_register_without_ids(read):
    error = refused(read, "编号,种类\n1,fee\n")
    assert told(error)[1] == (
        "A1: there is no column Identifier",
        "name the column that it is: `columns: {编号: id}`",
    )
    assert "{编号: id}" in told(refused(read, "种类\nfee\n"))[0][1]


def test_settings_that_lead_nowhere(read):
    error = refused(read, HEAD, columns={"编号": "id"})
    assert error.message.en == "columns: no register has a column '编号'"
    error = refused(read, HEAD, list="complaint")
    assert error.message.en == "list: there is no list 'complaint' to keep as a register"
    assert error.hint.en == "did you mean 'complaints'?"
    assert refused(read, HEAD, list="qqqqqq").hint.en == ""
    error = refused(read, "标识,种类\n", columns={"种类": "kinds"})
    assert told(error)[0][0] == "B1: Complaints has no column kinds"
    assert "which list" in refused(read, HEAD, "2023.csv").message.en


def test_files_that_are_no_table(read):
    assert refused(read, "").message.en == "there are no headings"
    assert "UTF-8" in refused(read, b"\xff\x00\x81").message.en
    assert "UTF-8" in refused(read, b"a\0b").message.en
    assert "not complete CSV" in refused(read, HEAD + '"c-1,fee\n').message.en


def test_too_many_rows(read, monkeypatch):
    monkeypatch.setattr("pytest_icp.sources.register.cells.MOST_ROWS", 2)
    assert refused(read, HEAD + "a,,,,\nb,,,,\n").message.en == "more than 2 rows"
    assert "256 columns" in refused(read, "标识" + "," * 256 + "x\n").message.en
    monkeypatch.setattr("pytest_icp.sources.register.cells.MOST_CELLS", 7)
    assert refused(read, HEAD + "a,,,,\n").message.en == "more than 7 cells"


def test_two_cells_for_one_fact(read):
    head = "标识,号码提供单位,号码提供单位.单位名称\n"
    error = refused(read, head + "n,none,某公司\n", "numbering_resources.csv")
    assert "only one of these cells" in error.message.en
    turned = refused(
        read, "标识,号码提供单位.单位名称,号码提供单位\nn,某公司,none\n", "numbering_resources.csv"
    )
    assert "C2" in turned.message.en


def test_a_folder_of_registers(tmp_path):
    folder = tmp_path / "registers"
    folder.mkdir()
    (folder / "complaints-2022.csv").write_text(HEAD + "c-1,fee,,,\n", "utf-8")
    (folder / "投诉台账2023.csv").write_text(HEAD + "c-2,fee,,,\n", "utf-8")
    (folder / "安全事件.csv").write_text("标识,种类\n", "utf-8")
    request = Request(path=folder, root=tmp_path)
    derived = read_register(request)
    assert [one["id"] for one in derived.facts["complaints"]] == ["c-1", "c-2"]
    assert derived.facts["incidents"] == []
    assert derived.trace("/complaints/1").place.path == folder / "投诉台账2023.csv"
    assert lists_of(request) == {"complaints", "incidents"}
    (folder / "投诉台账2023.csv").write_text(HEAD + "c-1,fee,,,\n", "utf-8")
    with pytest.raises(InputError, match="occurs twice"):
        read_register(request)
    (folder / "2024.csv").write_text("", "utf-8")
    assert len(lists_of(request)) > 40
    assert (
        len(lists_of(Request(path=tmp_path / "registers", root=tmp_path, settings={"list": "x"})))
        > 40
    )
