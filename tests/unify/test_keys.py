"""What a party can be recognised by: strong keys and weak clues, and the values that mean nobody."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hub.model import Company, Contact, Deal, Email, Phone
from hub.unify import clues, employers, keys
from hub.unify.keys import domain_key, email_domain, email_key, phone_tail

unhurried = settings(deadline=None, database=None, max_examples=50)
ODD = st.text(st.sampled_from("aZ09@.-_+ \t\u200b:/[]%#?üßİ。食"), max_size=24) | st.text(max_size=24)


def contact(*addresses: str, names: tuple[str, ...] = ()) -> Contact:
    return Contact(id="101", emails=tuple(Email(address=each) for each in addresses), external_ids=names)


@pytest.mark.parametrize(
    ("address", "key"),
    [
        ("ana@example.com", "ana@example.com"),
        ("  Ana.Souza@Example.COM ", "ana.souza@example.com"),
        ("ana+shop@gmail.com", "ana+shop@gmail.com"),
        ("a.n.a@gmail.com", "a.n.a@gmail.com"),
        ("JOSE@xn--exmple-cua.com", "jose@xn--exmple-cua.com"),
        ("jose@exämple.com", "jose@xn--exmple-cua.com"),
        ("jose@exa\u0308mple.com", "jose@xn--exmple-cua.com"),
        ("jose\u0301@example.com", "jos\u00e9@example.com"),
        ("ana\u200b@example.com", "ana@example.com"),
    ],
)
def test_an_address_is_compared_in_lower_case_with_its_domain_in_ascii(address: str, key: str) -> None:
    """IDNA as in RFC 3492 and RFC 5891; dots and tags of Gmail are kept, for another provider may tell them apart."""
    assert email_key(address) == key


@pytest.mark.parametrize("address", ["", "ana", "@example.com", "ana@", "ana@localhost", "ana@exa mple.com", "a b@example.com"])
@pytest.mark.parametrize("blank", ["{}", "{}\n"])
def test_what_is_no_address_names_nobody(address: str, blank: str) -> None:
    assert email_key(blank.format(address)) is None


@pytest.mark.parametrize("address", ["a\tb@example.com", "Ana <ana@example.com>", "<ana@example.com>", "ana@ü b.example"])
def test_an_address_never_holds_blanks_or_brackets(address: str) -> None:
    assert email_key(address) is None


RFC_2142 = [
    "info",
    "marketing",
    "sales",
    "support",
    "abuse",
    "noc",
    "security",
    "postmaster",
    "hostmaster",
    "usenet",
    "news",
    "webmaster",
    "www",
    "uucp",
    "ftp",
]
"""Sections 3 to 5, https://www.rfc-editor.org/rfc/rfc2142."""
NAMED = ["contato", "vendas", "suporte", "financeiro", "noreply", "no-reply", "test"]


@pytest.mark.parametrize("role", [*RFC_2142, *NAMED, "Info", "SALES", "info+news", "test+1"])
def test_the_address_of_a_role_names_nobody(role: str) -> None:
    assert email_key(f"{role}@example.com") is None


@pytest.mark.parametrize(
    "local", ["null", "None", "n/a", "na", "anonymous", "unknown", "undefined", "00000", "1-00000", "9900000"]
)
def test_what_systems_write_for_nobody_names_nobody(local: str) -> None:
    assert email_key(f"{local}@example.com") is None


@pytest.mark.parametrize("local", ["0000", "000001", "nullo", "anonymous1", "infos", "salesman", "diana"])
def test_what_only_begins_like_such_a_value_names_somebody(local: str) -> None:
    assert email_key(f"{local}@example.com") == f"{local}@example.com"


@pytest.mark.parametrize(
    ("domain", "registrable"),
    [
        ("COM", None),
        ("example.COM", "example.com"),
        ("WwW.example.COM", "example.com"),
        (".com", None),
        ("b.example.example", "example.example"),
        ("a.b.domain.biz", "domain.biz"),
        ("uk.com", None),
        ("a.b.example.uk.com", "example.uk.com"),
        ("test.ac", "test.ac"),
        ("c.mm", None),
        ("a.b.c.mm", "b.c.mm"),
        ("ac.jp", None),
        ("www.test.ac.jp", "test.ac.jp"),
        ("ide.kyoto.jp", None),
        ("a.b.ide.kyoto.jp", "b.ide.kyoto.jp"),
        ("c.kobe.jp", None),
        ("a.b.c.kobe.jp", "b.c.kobe.jp"),
        ("www.city.kobe.jp", "city.kobe.jp"),
        ("test.ck", None),
        ("a.b.test.ck", "b.test.ck"),
        ("www.www.ck", "www.ck"),
        ("www.test.k12.ak.us", "test.k12.ak.us"),
        ("食狮.com.cn", "xn--85x722f.com.cn"),
        ("www.食狮.公司.cn", "xn--85x722f.xn--55qx5d.cn"),
        ("公司.cn", None),
        ("shishi.中国", "shishi.xn--fiqs8s"),
    ],
)
def test_the_registrable_domain_is_the_one_of_the_public_suffix_list(domain: str, registrable: str | None) -> None:
    """Of the list's own vectors, https://github.com/publicsuffix/list/blob/main/tests/test_psl.txt (domains here in ASCII)."""
    assert domain_key(domain) == registrable


@pytest.mark.parametrize(
    ("said", "registrable"),
    [
        ("https://www.acme.com.br:8443/path?q=1#top", "acme.com.br"),
        ("//loja.acme.com.br/", "acme.com.br"),
        (" acme.com.br \n", "acme.com.br"),
        ("acme.com.br.", "acme.com.br"),
        ("http://user:word@acme.com.br", "acme.com.br"),
        ("bücher.example", "xn--bcher-kva.example"),
        ("https://BÜCHER.example", "xn--bcher-kva.example"),
        ("acme.myshopify.com", "acme.myshopify.com"),
        ("gmail.com", None),
        ("mail.yahoo.com.br", None),
        ("myshopify.com", None),
        ("192.168.0.1", None),
        ("http://[::1]/", None),
        ("http://[broken", None),
        ("localhost", None),
        ("acme com.br", None),
        ("ü b.com", None),
        ("a..com", None),
        ("", None),
        ("...", None),
        ("n/a", None),
    ],
)
def test_a_web_address_stands_for_its_company_unless_anybody_can_have_one(said: str, registrable: str | None) -> None:
    """The first label is the example of https://www.rfc-editor.org/rfc/rfc3492 users: bücher is xn--bcher-kva."""
    assert domain_key(said) == registrable


@pytest.mark.parametrize(
    ("address", "domain"),
    [
        ("ana@mail.acme.com.br", "acme.com.br"),
        ("info@acme.com.br", "acme.com.br"),
        ("Ana@ACME.com.br ", "acme.com.br"),
        ("ana@gmail.com", None),
        ("ana@com.br", None),
        ("acme.com.br", None),
    ],
)
def test_the_domain_of_an_address_stands_for_a_company_even_where_the_address_names_nobody(
    address: str, domain: str | None
) -> None:
    assert email_domain(address) == domain


def test_a_contact_has_its_own_names_those_others_gave_it_and_every_address_that_names_it() -> None:
    found = contact("Ana@Example.com", "ana@second.example", "info@example.com", names=("zendesk:contact:9001",))
    assert keys(found, "hubspot", "c1") == {
        "native:hubspot:contact:101",
        "native:c1:contact:101",
        "native:zendesk:contact:9001",
        "email:ana@example.com",
        "email:ana@second.example",
    }


def test_a_company_has_its_domains_and_its_web_address_but_never_its_mailboxes() -> None:
    company = Company(
        id="7",
        tax_id="11.222.333/0001-81",
        domains=("acme.com.br", "gmail.com"),
        website="https://www.acme.com/about",
        emails=(Email(address="ana@other.example"),),
        external_ids=("hubspot:company:8",),
    )
    assert keys(company, "zendesk", "c2") == {
        "native:zendesk:company:7",
        "native:c2:company:7",
        "native:hubspot:company:8",
        "tax:cnpj:11222333000181",
        "domain:acme.com.br",
        "domain:acme.com",
    }


@pytest.mark.parametrize(
    ("reference", "key"),
    [
        ("hubspot:101", "native:hubspot:contact:101"),
        ("hubspot:company:8", "native:hubspot:company:8"),
        ("c9:contact:100000", "native:c9:contact:100000"),
        ("shop:a:b", "native:shop:contact:a:b"),
        (" hubspot:101 ", "native:hubspot:contact:101"),
    ],
)
def test_a_reference_without_a_type_means_a_record_of_the_same_type(reference: str, key: str) -> None:
    assert keys(contact(names=(reference,)), "zendesk", "c2") - keys(contact(), "zendesk", "c2") == {key}


@pytest.mark.parametrize(
    "reference", ["hubspot:", "hubspot:contact:", ":101", "101", "", "hubspot:null", "hubspot:contact:0", "x:-"]
)
def test_a_reference_to_nobody_is_none(reference: str) -> None:
    assert keys(contact(names=(reference,)), "zendesk", "c2") == keys(contact(), "zendesk", "c2")


def test_what_is_no_party_has_no_keys_no_clues_and_no_employers() -> None:
    deal = Deal(id="1", name="ana@acme.com.br")
    assert keys(deal, "hubspot", "c1") == clues(deal, "c1") == employers(deal) == frozenset()


def test_a_key_too_long_to_be_looked_up_is_none() -> None:
    most = "a" * (190 - len("email:@example.com"))
    assert "email:" + most + "@example.com" in keys(contact(most + "@example.com"), "hubspot", "c1")
    assert keys(contact("a" + most + "@example.com"), "hubspot", "c1") == keys(contact(), "hubspot", "c1")


def test_the_clues_of_a_contact_are_the_ends_of_its_numbers_and_its_name_at_each_employer() -> None:
    found = Contact(
        id="101",
        given_name="Ana",
        family_name="Souza",
        emails=(Email(address="ana@mail.acme.com.br"), Email(address="ana@gmail.com")),
        phones=(Phone(number="(11) 91234-5678"), Phone(number="190")),
        company_name="Acme Ltda.",
        company_ids=("7",),
    )
    assert clues(found, "c1") == {
        "tel:12345678",
        "works:ana souza|acme.com.br",
        "works:ana souza|acme",
        "works:ana souza|c1/7",
    }


def test_a_contact_without_a_name_works_nowhere_that_could_be_a_clue() -> None:
    assert clues(contact("ana@acme.com.br"), "c1") == frozenset()


def test_the_clue_of_a_company_is_its_name_without_its_legal_form() -> None:
    assert clues(Company(id="7", name="Açaí & Cia Ltda"), "c1") == clues(Company(id="8", name="ACAI E CIA LTDA"), "c2")
    assert clues(Company(id="7"), "c1") == frozenset()


@pytest.mark.parametrize(
    ("written", "tail"),
    [
        ("+55 11 91234-5678", "12345678"),
        ("(11) 91234-5678", "12345678"),
        ("0055 (11) 91234.5678", "12345678"),
        ("11 3456-7890 ramal 12", "34567890"),
        ("11 3456-7890 x12", "34567890"),
        ("11 3456-7890;ext=12", "34567890"),
        ("Tel.: 11 3456-7890", "34567890"),
        ("\uff11\uff11 3456-7890", "34567890"),
        ("3456-789", None),
        ("", None),
    ],
)
def test_the_end_of_a_number_is_the_same_however_its_codes_are_written(written: str, tail: str | None) -> None:
    assert phone_tail(written) == tail


def test_the_employers_of_a_contact_are_the_domains_of_its_addresses_without_free_mail() -> None:
    found = contact("ana@mail.acme.com.br", "info@acme.com.br", "ana@gmail.com", "ana@bücher.example", "ana")
    assert employers(found) == {"domain:acme.com.br", "domain:xn--bcher-kva.example"}


def test_a_company_has_no_employers_whatever_its_addresses() -> None:
    assert employers(Company(id="7", emails=(Email(address="ana@acme.com.br"),), domains=("acme.com.br",))) == frozenset()


def test_the_key_of_an_employer_finds_the_company_that_a_source_has() -> None:
    company = Company(id="7", domains=("acme.com.br",))
    assert employers(contact("ana@loja.acme.com.br")) & keys(company, "hubspot", "c1") == {"domain:acme.com.br"}


@unhurried
@given(said=ODD)
def test_any_text_gives_a_key_that_is_its_own_key_or_none(said: str) -> None:
    domain, address = domain_key(said), email_key(said)
    assert domain is None or (domain_key(domain) == domain and domain.isascii() and domain.split() == [domain])
    assert address is None or (email_key(address) == address and address.split() == [address])
    assert (tail := phone_tail(said)) is None or len(tail) == 8
