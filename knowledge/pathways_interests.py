"""What a student is interested in: words in either language to fields of work and jobs. Pure.

`NAMES` are clear anywhere in a message; `HINTS` count only where an interest was asked for or is being searched.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from rapidfuzz import process
from rapidfuzz.distance import OSA

from knowledge.pathways_schema import Cluster, Occupation
from knowledge.snapshot import Snapshot
from language.normalise import words

C = Cluster
NAMES: dict[Cluster, str] = {
    C.HEALTH: "health care, healthcare, health careers, health field, medical field, medical careers, salud, cuidado de la salud, area de la salud, carreras de salud, campo medico",
    C.CONSTRUCTION: "construction, building trades, skilled trades, the trades, construccion, oficios de construccion, albanileria",
    C.MANUFACTURING: "manufacturing, advanced manufacturing, factory work, machine shop, manufactura, fabrica",
    C.AEROSPACE: "aerospace, aviation, airplanes, aircraft, aeroespacial, aviacion, aviones",
    C.AGRICULTURE: "agriculture, farming, horticulture, viticulture, animal science, agricultura, ganaderia, trabajo del campo",
    C.BUSINESS: "business administration, business program, business programs, business degree, business classes, accounting, marketing, administracion de empresas, "
    "programas de negocios, carrera de negocios, contabilidad",
    C.CLEAN_ENERGY: "clean energy, renewable energy, solar energy, wind energy, nuclear energy, energia limpia, energia renovable, energia solar",
    C.EDUCATION: "teaching career, early childhood education, become a teacher, educacion infantil, ser maestra, ser maestro",
    C.ENGINEERING: "engineering, engineer, engineers, ingenieria, ingeniero, ingeniera",
    C.ENVIRONMENT: "environmental science, natural resources, forestry, fisheries, wildlife, medio ambiente, recursos naturales, ciencias ambientales",
    C.TECHNOLOGY: "information technology, computer science, cybersecurity, programming, coding, computers, software, computacion, informatica, programacion, ciberseguridad, "
    "computadoras, tecnologia de la informacion",
    C.LIFE_SCIENCES: "life sciences, biotech, biotechnology, lab science, research lab, ciencias de la vida, biotecnologia",
    C.MARITIME: "maritime, boat building, boatbuilding, shipbuilding, maritimo, barcos",
    C.PUBLIC_SAFETY: "fire service, firefighting, public safety, law enforcement, criminal justice, police academy, police officer, bomberos, seguridad publica, justicia criminal, "
    "academia de policia",
    C.TRANSPORTATION: "automotive, auto repair, diesel, trucking, auto mechanics, mecanica automotriz, camiones, mecanica diesel",
}  # fmt: skip
HINTS: dict[Cluster, str] = {
    C.HEALTH: "health, medicine, medical, doctor, hospital, clinic, patients, dental, dentist, nursing, therapy, medicina, medico, doctora, hospital, clinica, pacientes, dentista, "
    "enfermeria, take care of people, help sick people, cuidar personas, ayudar a enfermos",
    C.CONSTRUCTION: "building, build, trades, hands, work with my hands, working with my hands, hands on, with my hands, tools, oficio, oficios, construir, con las manos, con mis "
    "manos, manos",
    C.MANUFACTURING: "hands, work with my hands, working with my hands, hands on, with my hands, machines, metal, welding, factory, robots, robotics, maquinas, con las manos, con mis "
    "manos, manos, soldadura, robotica",
    C.AEROSPACE: "planes, flying, boeing, space, rockets, drones, volar, espacio, cohetes",
    C.AGRICULTURE: "animals, animal, pets, farm, farms, plants, food, wine, vet, veterinary, cows, horses, gardening, orchard, animales, mascotas, granja, plantas, comida, vino, "
    "veterinaria, campo, caballos, huerta",
    C.BUSINESS: "business, management, finance, entrepreneur, office, negocios, negocio, empresa, finanzas, oficina",
    C.CLEAN_ENERGY: "energy, solar, wind, electricity, nuclear, climate, energia, electricidad, clima",
    C.EDUCATION: "teaching, education, kids, children, preschool, childcare, ensenanza, educacion, ninos, preescolar",
    C.ENGINEERING: "bridges, inventing, design things, math, physics, puentes, inventar, disenar, matematicas, fisica",
    C.ENVIRONMENT: "nature, environment, outdoors, outside, forest, forests, trees, water, fish, ocean, naturaleza, ambiente, aire libre, afuera, bosque, bosques, arboles, agua, peces",
    C.TECHNOLOGY: "computer, tech, technology, games, video games, gaming, apps, code, internet, ai, artificial intelligence, hacking, videojuegos, tecnologia, aplicaciones, compu",
    C.LIFE_SCIENCES: "science, lab, labs, biology, chemistry, research, ciencia, laboratorio, biologia, quimica, investigacion",
    C.MARITIME: "boats, boat, ships, ship, sea, sailing, shipyard, barco, mar, astillero",
    C.PUBLIC_SAFETY: "fire, police, rescue, policia, rescate, emergencias",
    C.TRANSPORTATION: "cars, car, trucks, truck, engines, motors, mechanic, driving, hands, work with my hands, with my hands, carros, carro, coches, camion, motores, mecanica, "
    "manejar, con las manos, con mis manos",
}  # fmt: skip
UNSURE = ("any", "anything", "not sure", "dont know", "do not know", "no idea", "idk", "unsure", "whatever", "undecided", "no se", "cualquiera", "cualquier cosa", "lo que sea", "no estoy segur", "ni idea", "todo", "no importa", "me da igual")  # fmt: skip


@dataclass(frozen=True)
class Interest:
    """`occupation`: an occupation id if one is named. `clusters`: the fields, that of the occupation included."""

    occupation: str | None = None
    clusters: tuple[Cluster, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.occupation or self.clusters)


def phrases(table: dict[Cluster, str], cluster: Cluster) -> list[str]:
    return [p.strip() for p in table.get(cluster, "").split(",") if p.strip()]


def occupation_forms(o: Occupation) -> list[str]:
    """Every way an occupation is called, brackets aside."""
    titles = [t.split("(")[0].strip() for t in (o.title_en, o.title_es)]
    return [*titles, *o.aliases_en, *o.aliases_es]


def _plain(text: str) -> list[str]:
    """Folded words, plural endings off."""
    return [w[:-1] if len(w) > 3 and w.endswith("s") and not w.endswith("ss") else w for w in words(text.replace("-", " "))]


@lru_cache(maxsize=4)
def _forms(packed: tuple[tuple[str, tuple[str, ...]], ...]) -> dict[tuple[str, ...], str]:
    return {tuple(_plain(form)): id_ for id_, forms in reversed(packed) for form in forms}


@lru_cache(maxsize=2)
def _fields(hints: bool) -> dict[tuple[str, ...], tuple[Cluster, ...]]:
    found: dict[tuple[str, ...], tuple[Cluster, ...]] = {}
    for table in (NAMES, HINTS) if hints else (NAMES,):
        for cluster in table:
            for phrase in phrases(table, cluster):
                place = tuple(_plain(phrase))
                found[place] = tuple(dict.fromkeys((*found.get(place, ()), cluster)))
    return found


def _spans(said: list[str], longest: int) -> list[tuple[str, ...]]:
    return [tuple(said[i : i + n]) for n in range(min(longest, len(said)), 0, -1) for i in range(len(said) - n + 1)]


def occupations_in(snapshot: Snapshot, text: str) -> list[str]:
    """Ids of the occupations a text names, in the order they are named, the longest name winning."""
    forms = _forms(tuple((o.id, tuple(occupation_forms(o))) for o in snapshot.all(Occupation).values()))
    said, at = _plain(text), 0
    found: list[str] = []
    while at < len(said):
        size = next((n for n in range(min(7, len(said) - at), 0, -1) if tuple(said[at : at + n]) in forms), 0)
        if size:
            found.append(forms[tuple(said[at : at + size])])
        at += size or 1
    return list(dict.fromkeys(found))


def interest_of(snapshot: Snapshot, text: str, asked: bool = True) -> Interest:
    """`asked`: the text answers “what interests you?”, so hints and misspelt words count."""
    known = snapshot.all(Occupation)
    if text in known:
        return Interest(text, (known[text].cluster,))
    if text in tuple(Cluster):
        return Interest(None, (Cluster(text),))
    if words(text) == ["it"]:
        return Interest(None, (Cluster.TECHNOLOGY,))
    for said in (_plain(text), _mended(snapshot, _plain(text))) if asked else (_plain(text),):
        if jobs := occupations_in(snapshot, " ".join(said)):
            return Interest(jobs[0], (known[jobs[0]].cluster,))
        table = _fields(asked)
        if fields := [c for span in _spans(said, 5) for c in table.get(span, ())]:
            return Interest(None, tuple(dict.fromkeys(fields)))
    return Interest()


def _mended(snapshot: Snapshot, said: list[str]) -> list[str]:
    """Words nobody here uses, replaced by the nearest that somebody does: “nursng”, “helth care”."""
    targets = {w for span in _fields(True) for w in span} | {
        w for o in snapshot.all(Occupation).values() for f in occupation_forms(o) for w in _plain(f)
    }
    long = sorted(w for w in targets if len(w) >= 5)

    def mend(word: str) -> str:
        if len(word) < 5 or word in targets:
            return word
        best = process.extractOne(word, long, scorer=OSA.distance, score_cutoff=1 if len(word) < 8 else 2)
        return str(best[0]) if best else word

    return [mend(w) for w in said]


def is_unsure(text: str) -> bool:
    whole = " ".join(words(text))
    return any(f" {phrase}" in f" {whole}" for phrase in UNSURE)
