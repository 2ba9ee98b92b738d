"""Names for pupils: enough to be told apart, drawn in the same order every time."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product
from random import Random

FIRST = """
Aaliyah Adam Aidan Alba Alfie Amelie Anika Arlo Aurora Barnaby Bella Bilal Bronte Caleb Carys Chidi Clara Cora
Dev Dylan Edie Elif Eliza Emrys Enzo Erin Esme Ezra Farah Felix Finlay Flora Frankie Freya George Gwen Harris
Hattie Henry Ida Imran Iris Isaac Ivy Jago Jasper Joss Kavya Kit Layla Leo Lola Luca Maeve Maisie Malik
Matilda Milo Nia Nico Nina Olive Orla Oscar Otis Padraig Phoebe Quinn Rafe Reuben Rhea Roisin Rosalind Rowan
Rufus Sadie Saffron Samira Seren Silas Simran Sofia Tamsin Tariq Thea Toby Umar Verity Vikram Wilf Xanthe
Yasmin Yusuf Zach Zainab
"""
LAST = """
Abbot Ainsley Alderton Appleyard Arkwright Bamford Barrow Beckett Birtles Blakey Bramwell Buckley Carver
Chaudhry Clegg Copeland Cragg Dalby Dawes Denholm Duxbury Eastwood Elsworth Emsley Farnaby Fielding Garside
Gill Greaves Hargreave Haworth Hirst Iqbal Jagger Kaur Kellett Khan Kilner Lister Lomas Longbottom Mawson
Metcalfe Midgley Naylor Nowak Oakes Oldroyd Patel Pickles Priestley Rahman Ramsden Rigby Robertshaw Sagar
Shackleton Singh Stansfield Sugden Sutcliffe Tatlock Thackray Threlfall Uttley Verity Wadsworth Whiteley
Wojcik Yeadon
"""
SOUTH_FIRST = """
Bartholomew Cressida Drusilla Evander Guinevere Hyacinth Isolde Lysander Octavia Peregrine
"""
SOUTH_LAST = """
Blythewood Dunmow Fanshawe Jellicoe Mortlake Penhallow Trevanion Wyndover
"""


def names(slug: str, rng: Random) -> Iterator[str]:
    """Names without end to the eye, none twice; no service has one of another."""
    first, last = (SOUTH_FIRST, SOUTH_LAST) if slug == "southshire" else (FIRST, LAST)
    pairs = list(product(first.split(), last.split()))
    rng.shuffle(pairs)
    return (f"{one} {other}" for one, other in pairs)
