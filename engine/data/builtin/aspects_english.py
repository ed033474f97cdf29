"""English reviews of hotels: food, service, room, price, location, cleanliness."""

from __future__ import annotations

from engine.data.builtin.aspects_grammar import Aspect, AspectGrammar

_FOOD = Aspect(
    name="food",
    nouns=("breakfast", "soup", "coffee", "dinner", "fish", "bread", "menu", "dessert"),
    adjectives=("delicious", "tasteless", "tasty", "stale", "fresh", "burnt"),
    implied=(
        "[I asked for a second plate] every {time_of_day}",
        "we [left half of it on the plate]",
        "after two bites I [went to the bakery] instead",
        "I still [dream of the pancakes]",
    ),
    neutral=(
        "breakfast is served until {number}",
        "the menu hangs beside the lift",
        "the dinner is in the hall on the first floor",
        "there is a coffee machine in the corridor",
        "my {person} brought bread from home",
    ),
)
_SERVICE = Aspect(
    name="service",
    nouns=("staff", "reception", "waiter", "porter", "manager", "service", "cleaner", "concierge"),
    adjectives=("friendly", "rude", "helpful", "slow", "attentive", "careless"),
    implied=(
        "[nobody answered the bell] for half an hour",
        "they [carried our bags] without being asked",
        "they [remembered our names] on the second day",
        "we had to [ask three times] for a towel",
    ),
    neutral=(
        "the reception is open from {number} on",
        "the porter wears a {colour} jacket",
        "the manager comes from the coast",
        "the waiter writes everything on a small pad",
        "the staff park behind the house",
    ),
)
_ROOM = Aspect(
    name="room",
    nouns=("room", "bed", "bathroom", "balcony", "shower", "mattress", "view", "wardrobe"),
    adjectives=("comfortable", "cramped", "spacious", "dark", "cosy", "draughty"),
    implied=(
        "I [slept like a stone]",
        "one [cannot turn round] beside the suitcase",
        "I [woke with a sore back] every {time_of_day}",
        "from the window we [saw the whole bay]",
    ),
    neutral=(
        "our room was on floor {number}",
        "the bathroom is next to the stairs",
        "the bed stands under the window",
        "there are {number} hooks in the wardrobe",
        "the balcony looks to the {colour} house",
    ),
)
_PRICE = Aspect(
    name="price",
    nouns=("price", "bill", "rate", "fee", "deposit", "tariff", "cost of parking", "minibar bill"),
    adjectives=("fair", "shameless", "reasonable", "steep", "modest", "inflated"),
    implied=(
        "I would have [paid twice as much]",
        "for that money one [gets two nights] elsewhere",
        "they [charged us extra] for the towels",
        "we [got a night for nothing]",
    ),
    neutral=(
        "the bill came in a {colour} envelope",
        "my {person} paid the deposit {time}",
        "the rate is printed on the back of the door",
        "we paid by card",
        "the fee goes to the town",
    ),
)
_LOCATION = Aspect(
    name="location",
    nouns=("location", "neighbourhood", "street", "way to the station", "square", "beach", "harbour", "garden"),
    adjectives=("quiet", "noisy", "central", "remote", "handy", "dreary"),
    implied=(
        "everything we wanted was [a minute on foot]",
        "[lorries pass] below the window all night",
        "it is [miles from anything]",
        "in the {time_of_day} one [hears only the sea]",
    ),
    neutral=(
        "the street is named after a poet",
        "the bus to the beach leaves every {number} minutes",
        "there is a market in the square {time}",
        "the garden was laid out by my {person}'s uncle",
        "the harbour lies behind the church",
    ),
)
_CLEANLINESS = Aspect(
    name="cleanliness",
    nouns=("floor", "carpet", "towels", "sheets", "bathtub", "curtain", "pool", "sink"),
    adjectives=("spotless", "filthy", "clean", "dusty", "stained", "sparkling"),
    implied=(
        "one could [eat from the floor]",
        "I [wiped the dust] off with my sleeve",
        "there were [hairs in the sink]",
        "everything [smelled of soap] and lemon",
    ),
    neutral=(
        "the towels are {colour}",
        "the pool opens at {number}",
        "the carpet shows the map of the island",
        "the sheets are changed on Mondays",
        "a {colour} curtain hangs before the door",
    ),
)

ENGLISH = AspectGrammar(
    aspects=(_CLEANLINESS, _FOOD, _LOCATION, _PRICE, _ROOM, _SERVICE),
    adjectives=("excellent", "awful", "wonderful", "terrible", "lovely", "poor", "great", "bad", "perfect", "dreadful"),
    affirmed=(
        "the [{noun}] is {adverb} [{adjective}]",
        "we found the [{noun}] {adverb} [{adjective}]",
        "I must say that the [{noun}] was [{adjective}]",
        "a word about the [{noun}]: {adverb} [{adjective}]",
        "the [{noun}] turned out to be {adverb} [{adjective}]",
        "what stays with me is the [{adjective}] [{noun}]",
    ),
    negated=(
        "the [{noun}] is [not] {adverb} [{adjective}]",
        "I would [not] call the [{noun}] [{adjective}]",
        "the [{noun}] was [anything] but [{adjective}]",
    ),
    elsewhere=(
        "at the last hotel the {noun} was {adverb} {adjective}",
        "my {person} had promised us a {adjective} {noun}",
        "the one next door is known for its {adjective} {noun}",
        "others write that the {noun} is {adverb} {adjective}",
        "my {person} found the {noun} of another hotel {adjective}",
        "{time} we had stayed in a house with a {adjective} {noun}",
    ),
    openers=(
        "we stayed here {time}",
        "I spent {number} nights in this hotel",
        "my {person} and I came {time}",
        "this hotel was booked by my {person}",
        "we arrived in a {colour} taxi",
    ),
    fillers=(
        "it rained that {time_of_day}",
        "we had never been to this town",
        "I wrote this on a {colour} sofa",
        "my {person} took a photograph",
        "we came by train",
        "I read a book of {number} chapters",
        "nobody asked for our passports",
        "there was a wedding {time}",
        "we met {number} people from our town",
        "my {person} forgot a {colour} coat",
    ),
    words={
        "adverb": ("really", "very", "quite", "truly", "rather", "so", "remarkably"),
        "person": ("sister", "brother", "neighbour", "friend", "mother", "father", "colleague", "cousin"),
        "colour": ("blue", "red", "green", "grey", "black", "white", "brown", "yellow"),
        "number": ("two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"),
        "time": ("last week", "in May", "on Sunday", "last summer", "in the winter", "during the holidays"),
        "time_of_day": ("morning", "day", "afternoon", "evening"),
    },
    full_stop=".",
    space=" ",
)
