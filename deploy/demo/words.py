"""The words that the made-up city is put together from. All of its people are invented."""

from collections.abc import Mapping
from typing import Final


def _words(text: str) -> tuple[str, ...]:
    return tuple(word.strip().replace("_", " ") for word in text.split())


TOWN: Final = "Elbstadt"

DISTRICTS: Final[Mapping[str, str]] = {
    "Altstadt": "01067",
    "Seevorstadt": "01069",
    "Neue Vorstadt": "01097",
    "Heidehang": "01099",
    "Flugfeld": "01109",
    "Weinbergen": "01127",
    "Ziegelei": "01129",
    "Hafenviertel": "01139",
    "Apfelgrund": "01156",
    "Obstgärten": "01157",
    "Mühlenau": "01159",
    "Südhöhe": "01187",
    "Lindenhof": "01189",
    "Parkseite": "01219",
    "Am Bruch": "01237",
    "Ostwiesen": "01239",
    "Schlossberg": "01259",
    "Brückenkopf": "01277",
    "Fährufer": "01279",
    "Waldpark": "01309",
}
"""Parts of the town, each with its postal code."""

STREETS: Final = _words(
    """
    Fliederweg Birkenallee Am_Kirschgarten Amselgrund Alte_Fährstraße Backhausgasse Bleichwiesenweg
    Brunnenstraße Dahlienweg Dachsbau Drosselweg Efeugasse Eisvogelweg Erlenstraße Eschenring
    Fasanenstraße Feldrain Finkenschlag Fischerufer Gartenstraße Gerbergasse Ginsterweg Glockengasse
    Grüne_Aue Hasenpfad Haselbusch Heckenweg Heidestraße Holunderweg Hopfengarten Igelsteig
    Kastanienallee Kiefernweg Klosterhof Kornblumenweg Kranichstraße Küferweg Kuckucksruf
    Lerchenfeld Lindenplatz Löwenzahnweg Mährenstraße Meisenweg Mohnblumenweg Mühlgraben Müllersteig
    Nachtigallenweg Nussbaumallee Obere_Leite Pappelstraße Pirolweg Quellenweg Rosengasse
    Rotdornweg Salbeiweg Sanddornstraße Schlehenweg Schwalbenstraße Seilergasse Sonnenleite
    Spatzengasse Spindelweg Sternwartstraße Tannenstraße Töpferplatz Uferpromenade Ulmenweg
    Untere_Leite Veilchenweg Wacholderweg Wagnergasse Walnussweg Weberzeile Weidengrund
    Weißdornweg Wiesengrund Winzersteig Zeisigweg Ziegelscheune Zimmererhof
    """
)

WOMEN: Final = (
    _words(
        """
        Anna Lea Sophie Emma Lena Mia Hannah Laura Julia Lisa Sarah Jana Nele Clara Paula Elif Linh
        Marie Charlotte Johanna Luise Aylin Olga Thảo Zuzanna Nora Pia Merle Fenja Amira
        """
    ),
    _words(
        """
        Katrin Heike Simone Silke Antje Kerstin Anja Susanne Steffi Doreen Mandy Jeannette Manuela
        Ines Birgit Grit Uta Yvonne Cornelia Bärbel Svetlana Małgorzata Hoa Ayşe Daniela Annett
        """
    ),
    _words(
        """
        Ursula Helga Ingrid Renate Christa Gisela Waltraud Brigitte Karin Monika Erika Hannelore
        Edith Gerda Rosemarie Elfriede Irmgard Jutta Sigrid Käthe Margot Gudrun Roswitha
        Inge Lieselotte
        """
    ),
)
"""Given names of the young, of the middle-aged, and of the old."""

MEN: Final = (
    _words(
        """
        Paul Felix Jonas Lukas Max Leon Ben Finn Elias Emil Anton Oskar Jakob Moritz Theo
        Karl Mehmet
        Minh Tim Jan Niklas Tobias Philipp Milan Yusuf Jannik Bruno Till Kilian Piotr
        """
    ),
    _words(
        """
        Andreas Thomas Michael Torsten Frank Uwe Jens Steffen Mirko Ronny Heiko Sven Olaf Ralf Dirk
        Holger Jörg René Enrico Matthias Falk Sergej Ahmet Tuấn Krzysztof Stefan Carsten Lutz
        """
    ),
    _words(
        """
        Hans Werner Günter Klaus Dieter Horst Manfred Siegfried Heinz Wolfgang Peter Jürgen Helmut
        Rolf Eberhard Gottfried Lothar Reinhard Rudolf Gerhard Harald Karl-Heinz Hans-Jürgen Ewald
        """
    ),
)

FAMILIES: Final = _words(
    """
    Müller Schmidt Schneider Fischer Weber Meyer Wagner Becker Schulz Hoffmann Richter Klein Wolf
    Schröder Neumann Schwarz Zimmermann Braun Krüger Hofmann Hartmann Lange Werner Krause Lehmann
    Köhler Herrmann König Walter Mayer Huber Kaiser Fuchs Peters Lang Scholz Möller Weiß Jung Hahn
    Schubert Vogel Friedrich Keller Günther Frank Berger Winkler Roth Beck Lorenz Baumann Franke
    Albrecht Schuster Simon Ludwig Böhm Winter Kraus Martin Schumacher Krämer Vogt Stein Jäger Otto
    Sommer Groß Seidel Heinrich Brandt Haas Schreiber Graf Dietrich Ziegler Kuhn Kühn Pohl Engel
    Horn Busch Bergmann Thomas Voigt Sauer Arnold Wolff Pfeiffer Zschoche Noack Kretzschmar Hänsel
    Förster Nitzsche Großmann Hempel Jahn Rößler Grünberg Weißbach Käßner Nguyễn Trần Yılmaz Demir
    Kowalski Nowak Wójcik Iwanow Petrow Lüttich Schöne Süß Tröger Ulbricht Wünsche Zeidler Eißner
    von_Halden van_der_Aue Fichtner-Wendt Kluge-Arndt Übel Ölschläger Ährenfeld
    """
)

MAIL_DOMAINS: Final = _words(
    "example.org post.example.org mail.example.org example.net brief.example.net mail.example.com"
)

FIELDS: Final[Mapping[str, tuple[int, tuple[str, ...], tuple[str, ...]]]] = {
    "Sport und Bewegung": (
        80,
        _words(
            "Turnverein Ruderclub Schwimmverein Handballverein Radsportverein Schachclub"
            " Judoverein Wanderverein Kanuverein Tischtennisclub"
        ),
        _words("Übungsleitung Jugendtraining Kassenführung Schiedsrichter Platzpflege Vorstand"),
    ),
    "Kultur und Musik": (
        60,
        _words(
            "Kammerchor Laientheater Posaunenchor Heimatmuseum Kunstverein Blasorchester"
            " Geschichtsverein Filmclub"
        ),
        _words("Chorleitung Notenwart Bühnenbau Museumsführung Vereinschronik Vorstand"),
    ),
    "Soziales": (
        70,
        _words(
            "Nachbarschaftshilfe Seniorentreff Tafelgarten Familienzentrum Besuchsdienst"
            " Freiwilligenkreis Willkommenstreff"
        ),
        _words("Besuchsdienst Begleitung_zu_Ämtern Essensausgabe Fahrdienst Sprachpatenschaft"),
    ),
    "Jugendarbeit und Erwachsenenbildung": (
        45,
        _words("Jugendclub Pfadfinderstamm Lesepatenkreis Ferienwerkstatt Jugendring"),
        _words("Gruppenleitung Hausaufgabenhilfe Ferienlager Lesepatenschaft Betreuung"),
    ),
    "Umwelt, Naturschutz, Tierschutz": (
        40,
        _words("Naturfreunde Bachpaten Imkerverein Streuobstkreis Tierheimverein Vogelwarte"),
        _words("Bachpatenschaft Nistkastenpflege Obstbaumschnitt Tierbetreuung Führungen"),
    ),
    "Unfall- und Rettungsdienst, freiwillige Feuerwehr": (
        25,
        _words("Freiwillige_Feuerwehr Wasserwacht Sanitätsbereitschaft Rettungshundestaffel"),
        _words("Einsatzdienst Jugendfeuerwehr Gerätewart Sanitätswache Ausbildung"),
    ),
    "Kirche oder Religion": (
        25,
        _words("Gemeindekreis Kirchbauverein Kantorei Bahnhofshilfe"),
        _words("Kirchenmusik Besuchskreis Kinderkirche Küsterdienst"),
    ),
    "Gesundheit": (
        20,
        _words("Selbsthilfegruppe Hospizkreis Rheumaliga Demenzcafé"),
        _words("Sterbebegleitung Gruppenleitung Telefondienst Bewegungsstunde"),
    ),
    "Freizeit und Geselligkeit": (
        20,
        _words("Kleingartenverein Skatclub Modellbahnfreunde Karnevalsclub"),
        _words("Gartenfachberatung Festvorbereitung Kassenführung Vorstand"),
    ),
    "Lokales Bürgerengagement": (
        15,
        _words("Stadtteilverein Bürgerverein Dorfclub"),
        _words("Stadtteilzeitung Straßenfest Vorstand Beetpatenschaft"),
    ),
}
"""For each field of engagement: how many associations, what they are called, what is done there."""
