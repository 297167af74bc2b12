"""Pega Platform by its API v1, which Pega 7 and later have: what differs from API v2, and the operator's own sign-in."""

from dataclasses import replace

from connectors.pega import CONNECTOR as V2
from connectors.pega import LIMITS, sign_ins
from connectors.pega_v1.pages import STREAMS
from hub.spec import Account, ApiKey, Request

_PAGES = (
    "In Dev Studio make two list data pages that are loaded anew for each interaction and have a parameter Since, a date and "
    "time. Each takes a report that lists what has at least that time, and everything where none is given, the oldest first, "
    "with many more rows than the 500 that a report has by itself: one of the cases, by pxUpdateDateTime, on a class above "
    "their case types, with pzInsKey, pxCreateDateTime, pyID, pyLabel, pyStatusWork, pyResolvedTimestamp, pyWorkParty and what "
    "else you want to see here, and one of PegaSocial-Message, by pxCreateDateTime."
)

CONNECTOR = replace(
    V2,
    id="pega_v1",
    label="Pega (API v1)",
    docs="https://community.pega.com/knowledgebase/articles/data-integration/pega-api-pega-platform-81",
    summary="For Pega 7 and others before 8.5: cases as what you say they are, work parties and Pulse posts, by data pages.",
    base_url="{address}/api/v1",
    auth=(
        # The service package of API v1 takes Basic unless somebody chose OAuth 2.0 for it:
        # https://techpapers.online/post/pega-dx-api-prerequisites
        ApiKey(
            format="Basic {basic}",
            user="Operator ID",
            label="Password",
            preparation=(
                f"{_PAGES} Make an operator whose access group may read these and no more and has the role "
                "PegaRULES:PegaAPI, and enter its ID and password here."
            ),
        ),
        *sign_ins(f"{_PAGES} Let the service package api take OAuth 2.0."),
    ),
    # Of a data page the description names the class; with the server's address that tells the account.
    account=Account(
        request=Request(path="/data/{cases}/metadata"),
        id=lambda body: str(body["dataTypeID"]),
        name=lambda body: str(body["dataTypeID"]),
    ),
    errors=None,
    streams=STREAMS,
    limits=(
        *LIMITS,
        "A data page without the parameter Since is read whole each time.",
        "What has no place among the rows of a report, even if it all changed in one millisecond, is not seen.",
        "A day is read as one in columns whose name says date, as CloseDate does; in others it is a number of eight digits.",
        "The list of cases that API v1 has itself is not read: it holds only those that the operator made, at most 500.",
    ),
)
