"""Small invented files of the shapes in which the national list of schools comes."""

import csv
import io

_HEADINGS = """
    URN,LA (code),LA (name),EstablishmentNumber,EstablishmentName,TypeOfEstablishment (code)
    TypeOfEstablishment (name),EstablishmentTypeGroup (code),EstablishmentTypeGroup (name)
    EstablishmentStatus (code),EstablishmentStatus (name),ReasonEstablishmentOpened (code)
    ReasonEstablishmentOpened (name),OpenDate,ReasonEstablishmentClosed (code),ReasonEstablishmentClosed (name)
    CloseDate,PhaseOfEducation (code),PhaseOfEducation (name),StatutoryLowAge,StatutoryHighAge,Boarders (code)
    Boarders (name),NurseryProvision (name),OfficialSixthForm (code),OfficialSixthForm (name),Gender (code)
    Gender (name),ReligiousCharacter (code),ReligiousCharacter (name),ReligiousEthos (name),Diocese (code)
    Diocese (name),AdmissionsPolicy (code),AdmissionsPolicy (name),SchoolCapacity,SpecialClasses (code)
    SpecialClasses (name),CensusDate,NumberOfPupils,NumberOfBoys,NumberOfGirls,PercentageFSM,TrustSchoolFlag (code)
    TrustSchoolFlag (name),Trusts (code),Trusts (name),SchoolSponsorFlag (name),SchoolSponsors (name)
    FederationFlag (name),Federations (code),Federations (name),UKPRN,FEHEIdentifier,FurtherEducationType (name)
    LastChangedDate,Street,Locality,Address3,Town,County (name),Postcode,SchoolWebsite,TelephoneNum,HeadTitle (name)
    HeadFirstName,HeadLastName,HeadPreferredJobTitle,BSOInspectorateName (name),InspectorateReport
    DateOfLastInspectionVisit,NextInspectionVisit,TeenMoth (name),TeenMothPlaces,CCF (name),SENPRU (name),EBD (name)
    PlacesPRU,FTProv (name),EdByOther (name),Section41Approved (name),SEN1 (name),SEN2 (name),SEN3 (name)
    SEN4 (name),SEN5 (name),SEN6 (name),SEN7 (name),SEN8 (name),SEN9 (name),SEN10 (name),SEN11 (name),SEN12 (name)
    SEN13 (name),TypeOfResourcedProvision (name),ResourcedProvisionOnRoll,ResourcedProvisionCapacity,SenUnitOnRoll
    SenUnitCapacity,GOR (code),GOR (name),DistrictAdministrative (code),DistrictAdministrative (name)
    AdministrativeWard (code),AdministrativeWard (name),ParliamentaryConstituency (code)
    ParliamentaryConstituency (name),UrbanRural (code),UrbanRural (name),GSSLACode (name),Easting,Northing
    MSOA (name),LSOA (name),InspectorateName (name),SENStat,SENNoStat,BoardingEstablishment (name),PropsName
    PreviousLA (code),PreviousLA (name),PreviousEstablishmentNumber,Country (name),UPRN,SiteName,QABName (code)
    QABName (name),EstablishmentAccredited (code),EstablishmentAccredited (name),QABReport,CHNumber,MSOA (code)
    LSOA (code),FSM,AccreditationExpiryDate
"""
HEADINGS = [name for line in _HEADINGS.split("\n") for name in line.strip().split(",") if name]  # 135, in their order
FIVE = ["urn", "name", "open_date", "town", "postcode"]
STATUS = {"1": "Open", "2": "Closed", "3": "Open, but proposed to close", "4": "Proposed to open"}


def school(urn, name, town="Upper Tarn", *, status="1", **more):
    """A row of the long list, by its headings; `more` are our words for the columns that differ."""
    row = {"URN": str(urn), "EstablishmentName": name, "Town": town, "Postcode": f"NT1 {urn % 9 + 1}AB"}
    row |= {"LA (code)": "999", "LA (name)": "Northshire", "EstablishmentNumber": f"{urn % 9000 + 1000}"}
    row |= {"EstablishmentStatus (code)": status, "EstablishmentStatus (name)": STATUS.get(status, status)}
    row |= {"TypeOfEstablishment (name)": "Community school", "PhaseOfEducation (name)": "Primary"}
    row |= {"OpenDate": "01-09-1971", "HeadLastName": "Ought", "Street": "3 Mill Lane"}
    return row | more


def long_list(*rows, headings=None, encoding="cp1252"):
    """All 135 columns, quoted, in the encoding of Windows; `headings` leaves columns out or adds some."""
    headings = headings or HEADINGS
    text = io.StringIO(newline="")
    writer = csv.writer(text, quoting=csv.QUOTE_ALL)
    writer.writerow(headings)
    writer.writerows([row.get(name, "") for name in headings] for row in rows)
    return text.getvalue().encode(encoding)


def short_list(*rows, encoding="utf-8"):
    """Five columns: urn, name, open_date, town, postcode."""
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(FIVE)
    writer.writerows(rows)
    return text.getvalue().encode(encoding)


def links(*rows):
    """The links file: URN, LinkURN, LinkType."""
    lines = ['"URN","LinkURN","LinkName","LinkType","LinkEstablishedDate"']
    lines += [f'{urn},{other},"Somewhere, renamed","{kind}",01-09-2024' for urn, other, kind in rows]
    return "\r\n".join(lines).encode("cp1252")
