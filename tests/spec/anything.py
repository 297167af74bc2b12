"""Whatever a system may answer: JSON values of every shape, those among them that look like something."""

from hypothesis import strategies as st

NEARLY = st.sampled_from(
    [
        "",
        " ",
        "id",
        "1",
        "-1",
        "1e999",
        "0e99999999",
        "NaN",
        "1_000",
        "true",
        "2026-02-30",
        "2026-01-01T00:00:00Z",
        "\0",
        "²",
        "--1",
        "1.1.1",
    ]
)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=12) | NEARLY,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["a", "b", "id", "next"]), inner, max_size=3),
    max_leaves=6,
)
