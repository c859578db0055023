"""Each alternative as it did, beside the plain recipe."""

from report.samples import sample
from whyfit.report import document_of
from whyfit.report.charts.catalogue import chart_named
from whyfit.text import Words


def rows_of(name, language="en"):
    return list(chart_named(name).rows(document_of(sample()), Words(language)))


def test_alternatives_of_one_remedy_stand_by_their_own_names_below_the_plain_recipe():
    plain, elu, maxout = rows_of("relu_alternatives")
    assert [row["alternative"] for row in (plain, elu, maxout)] == ["unchanged", "ELU", "Maxout"]
    assert (plain["gain"], plain["steps"], elu["steps"], maxout["steps"]) == (0.0, 630.0, 500.0, None)
    assert (elu["saturated"], maxout["ratio"], maxout["diverged"]) == (0.2, 1.2, 1)


def test_a_language_has_its_own_name_for_the_plain_recipe():
    assert rows_of("relu_alternatives", "zh")[0]["alternative"] == "不作改变"


def test_a_remedy_of_one_kind_has_no_alternatives_to_show():
    assert rows_of("gradients_alternatives") == []
