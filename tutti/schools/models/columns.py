"""The columns of the national list: which are kept, under which names they come, and which are known but not needed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from tutti.core.tables import fold

# What we keep of the list, in people's words, and the headings under which it comes, in any case and spacing.
KEPT: dict[str, tuple[str, ...]] = {
    "urn": ("URN", "Unique reference number"),
    "name": ("EstablishmentName", "Name", "School name", "School"),
    "authority": ("LA (name)", "Local authority", "Local authority name", "Authority", "LA"),
    "authority_code": ("LA (code)", "Local authority code"),
    "establishment_number": ("EstablishmentNumber", "Establishment number"),
    "type": ("TypeOfEstablishment (name)", "Type of establishment", "Type", "School type"),
    "status": ("EstablishmentStatus (name)", "Status", "EstablishmentStatus"),
    "status_code": ("EstablishmentStatus (code)", "Status code"),
    "phase": ("PhaseOfEducation (name)", "Phase of education", "Phase"),
    "opened_on": ("OpenDate", "open_date", "Opened"),
    "closed_on": ("CloseDate", "close_date", "Closed"),
    "street": ("Street",),
    "locality": ("Locality",),
    "address3": ("Address3",),
    "town": ("Town", "Town or city"),
    "county": ("County (name)", "County"),
    "postcode": ("Postcode", "Post code"),
    "website": ("SchoolWebsite", "Website"),
    "dfe_number": ("DfE number", "LAEstab"),
    "phone": ("TelephoneNum", "Telephone", "Phone", "Telephone number"),
}

WORDS: dict[str, str] = {
    "urn": "URN",
    "name": "Name",
    "authority": "Local authority",
    "authority_code": "Code of the local authority",
    "establishment_number": "Establishment number",
    "type": "Type",
    "status": "Status",
    "status_code": "Code of the status",
    "phase": "Phase",
    "opened_on": "Opened on",
    "closed_on": "Closed on",
    "street": "Street",
    "locality": "Locality",
    "address3": "Third line of the address",
    "town": "Town",
    "county": "County",
    "postcode": "Postcode",
    "website": "Website",
    "dfe_number": "DfE number",
    "phone": "Telephone",
}

_NOT_KEPT = """
    TypeOfEstablishment (code),EstablishmentTypeGroup (code),EstablishmentTypeGroup (name)
    ReasonEstablishmentOpened (code),ReasonEstablishmentOpened (name),ReasonEstablishmentClosed (code)
    ReasonEstablishmentClosed (name),PhaseOfEducation (code),StatutoryLowAge,StatutoryHighAge,Boarders (code)
    Boarders (name),NurseryProvision (name),OfficialSixthForm (code),OfficialSixthForm (name),Gender (code)
    Gender (name),ReligiousCharacter (code),ReligiousCharacter (name),ReligiousEthos (name),Diocese (code)
    Diocese (name),AdmissionsPolicy (code),AdmissionsPolicy (name),SchoolCapacity,SpecialClasses (code)
    SpecialClasses (name),CensusDate,NumberOfPupils,NumberOfBoys,NumberOfGirls,PercentageFSM,TrustSchoolFlag (code)
    TrustSchoolFlag (name),Trusts (code),Trusts (name),SchoolSponsorFlag (name),SchoolSponsors (name)
    FederationFlag (name),Federations (code),Federations (name),UKPRN,FEHEIdentifier,FurtherEducationType (name)
    OfstedLastInsp,OfstedSpecialMeasures (code),OfstedSpecialMeasures (name),OfstedRating (name),RSCRegion (name)
    LastChangedDate,HeadTitle (name),HeadFirstName,HeadLastName,HeadPreferredJobTitle,BSOInspectorateName (name)
    InspectorateReport,DateOfLastInspectionVisit,NextInspectionVisit,TeenMoth (name),TeenMothPlaces,CCF (name)
    SENPRU (name),EBD (name),PlacesPRU,FTProv (name),EdByOther (name),Section41Approved (name),SEN1 (name),SEN2 (name)
    SEN3 (name),SEN4 (name),SEN5 (name),SEN6 (name),SEN7 (name),SEN8 (name),SEN9 (name),SEN10 (name),SEN11 (name)
    SEN12 (name),SEN13 (name),TypeOfResourcedProvision (name),ResourcedProvisionOnRoll,ResourcedProvisionCapacity
    SenUnitOnRoll,SenUnitCapacity,GOR (code),GOR (name),DistrictAdministrative (code),DistrictAdministrative (name)
    AdministrativeWard (code),AdministrativeWard (name),ParliamentaryConstituency (code)
    ParliamentaryConstituency (name),UrbanRural (code),UrbanRural (name),GSSLACode (name),Easting,Northing
    MSOA (name),LSOA (name),InspectorateName (name),SENStat,SENNoStat,BoardingEstablishment (name),PropsName
    PreviousLA (code),PreviousLA (name),PreviousEstablishmentNumber,Country (name),UPRN,SiteName,QABName (code)
    QABName (name),EstablishmentAccredited (code),EstablishmentAccredited (name),QABReport,CHNumber,MSOA (code)
    LSOA (code),FSM,AccreditationExpiryDate
"""
NOT_KEPT = frozenset(fold(name) for name in _NOT_KEPT.replace("\n", ",").split(",") if name.strip())
FIELD_OF = {fold(name): field for field, names in KEPT.items() for name in names}


@dataclass(frozen=True, slots=True)
class Columns:
    """What the columns of a file are: `fields` the place of each field we keep, `unknown` headings nobody knows."""

    fields: dict[str, int]
    unknown: list[str]

    @classmethod
    def of(cls, headings: Iterable[str], mapping: Mapping[str, str] | None = None) -> Columns:
        """Recognise the headings; `mapping` says what an unknown one holds. The first column of a name counts."""
        fields: dict[str, int] = {}
        unknown = []
        for place, heading in enumerate(headings):
            field = FIELD_OF.get(fold(heading)) or (mapping or {}).get(heading)
            if field:
                fields.setdefault(field, place)
            elif not is_not_kept(heading):
                unknown.append(heading)
        return cls(fields, unknown)

    @property
    def missing(self) -> list[tuple[str, str]]:
        """The fields that no column holds, with their words."""
        return [(field, words) for field, words in WORDS.items() if field not in self.fields]


def is_not_kept(heading: str) -> bool:
    """Whether this is a column of the national list that a music service has no use for."""
    return fold(heading) in NOT_KEPT
