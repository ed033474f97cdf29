"""English captions: people, animals, traffic, food, rooms, things and views."""

from __future__ import annotations

from engine.data.builtin.phrases import Phrases

_PEOPLE = {
    "person": (
        *("a {man}", "a {man}", "a {age} {man}", "a {man} in {clothes}", "a {man} with {looks}"),
        *("a {age} {man} with {looks}",),
    ),
    "people": (
        *("{count} {men}", "{count} {men}", "{count} {men} in {worn}", "a group of {men}", "a few {age} {men}"),
        *("several {men} with {carried}", "a {man} and a {man}"),
    ),
    "man": (
        *("man", "man", "woman", "woman", "boy", "girl", "child", "lady", "teenager", "student", "farmer", "tourist"),
        *("worker", "waiter", "fisherman", "teacher", "painter", "nurse", "cook", "soldier", "dancer", "baker"),
    ),
    "men": (
        *("men", "women", "boys", "girls", "children", "friends", "students", "tourists", "workers", "people"),
        *("teenagers", "farmers", "neighbours", "musicians", "hikers", "soldiers", "cooks", "fans"),
    ),
    "age": ("young", "old", "tall", "little", "smiling", "bearded", "elderly", "happy", "tired", "serious"),
    "clothes": (
        *("a {colour} shirt", "a {colour} jacket", "a {colour} hat", "a {colour} coat", "a {colour} dress"),
        *("a dark suit", "a {colour} sweater", "a {colour} uniform", "rubber boots", "an apron", "a striped scarf"),
    ),
    "worn": ("{colour} shirts", "{colour} jackets", "wet suits", "{colour} uniforms", "winter coats", "{colour} hats"),
    "looks": ("glasses", "a beard", "long hair", "a {colour} backpack", "a camera", "a cane", "curly hair", "a cap"),
    "carried": ("backpacks", "umbrellas", "cameras", "suitcases", "shopping bags", "flags", "bicycles"),
    "count": ("two", "two", "three", "four", "five", "some", "several", "many"),
    "act": (
        *("riding a {colour} bicycle", "reading a {paper}", "holding a {colour} umbrella", "flying a {colour} kite"),
        *("talking on a phone", "taking a picture", "eating {snack}", "drinking {hot_drink}", "selling {goods}"),
        *("playing a {instrument}", "pushing a {colour} cart", "carrying a {container}", "waiting for a {public}"),
        *("looking at a {paper}", "painting a {painted}", "throwing a frisbee", "walking a {small_animal}"),
        *("feeding a {small_animal}", "sitting on a {seat}", "leaning against a {colour} {vehicle}"),
        *("washing a {vehicle}", "cutting a {cake}", "laughing about a {paper}", "sleeping on a {seat}"),
        *("repairing a {vehicle}",),
    ),
    "indoor_act": (
        *("cooking {meal}", "cutting a {cake}", "watching television", "typing on a laptop", "washing dishes"),
        *("setting the table", "playing a {instrument}", "brushing a {small_animal}", "folding {colour} towels"),
        *("pouring {hot_drink}", "opening a {container}", "looking into a mirror", "baking bread"),
    ),
    "sport": (
        *("playing {ball_game}", "running after a ball", "swinging a {bat}", "waiting for the ball", "jumping high"),
        *("stretching", "catching a ball", "celebrating a goal", "resting after a game"),
    ),
    "slope_act": ("skiing down", "snowboarding down", "hiking up", "climbing up", "sledding down"),
    "wave_act": ("surfing on a {size} wave", "paddling a {colour} canoe", "sailing a {size} boat", "swimming"),
}
_ANIMALS = {
    "animal": (
        *("a {beast}", "a herd of {grazers}", "a flock of {birds}", "a {size} {beast}", "a {fur} {beast}"),
        *("a {fur} {small_animal}", "a {age_of_animal} {beast}"),
    ),
    "animals": (
        *("{count} {beasts}", "{count} {fur} {beasts}", "{count} {grazers}", "a {beast} and a {small_animal}"),
        *("{count} {birds}",),
    ),
    "small_animal": ("dog", "cat", "puppy", "kitten", "rabbit", "goat", "duck", "pony", "goose", "parrot"),
    "beast": (
        *("horse", "cow", "sheep", "elephant", "giraffe", "zebra", "bear", "donkey", "camel", "dog", "cat", "fox"),
        *("deer", "lion", "monkey", "owl", "pelican", "swan"),
    ),
    "beasts": (
        *("horses", "cows", "elephants", "giraffes", "zebras", "bears", "donkeys", "camels", "dogs", "cats"),
        *("monkeys", "lions", "foxes", "goats", "puppies"),
    ),
    "grazers": ("cows", "sheep", "zebras", "elephants", "goats", "horses", "deer", "lambs"),
    "birds": ("ducks", "geese", "seagulls", "pigeons", "swans", "sparrows", "flamingos", "crows"),
    "fur": (
        *("brown", "black", "white", "grey", "spotted", "shaggy", "striped", "wet", "brown and white"),
        *("black and white",),
    ),
    "age_of_animal": ("young", "baby", "old", "sleepy", "curious", "hungry"),
    "animal_act": (
        *("standing", "lying", "walking", "resting", "running", "drinking water", "looking around", "sleeping"),
        *("eating grass", "playing with a {toy}", "waiting for food", "crossing the road"),
    ),
    "toy": ("stick", "ball", "rope", "shoe", "frisbee", "ribbon"),
    "animal_place": (
        *("in a {green} field", "behind a {material} fence", "next to a {tree}", "on a {quality} road"),
        *("in the shade of a {tree}", "near a {water}", "beside a {material} barn", "in tall grass", "in the snow"),
        *("on top of a {colour} {vehicle}", "under a {material} table", "at the edge of a {water}"),
    ),
}
_TRAFFIC = {
    "vehicle": ("car", "truck", "van", "motorcycle", "scooter", "bicycle", "taxi", "tractor", "bus", "pickup truck"),
    "vehicles": ("cars", "trucks", "motorcycles", "bicycles", "buses", "taxis", "scooters", "vans", "tractors"),
    "public": ("bus", "train", "tram", "taxi", "ferry"),
    "rail": ("train", "steam engine", "freight train", "tram", "subway train"),
    "rail_act": (
        *("pulling into a {quality} station", "crossing a {material} bridge", "leaving a {size} tunnel"),
        *("passing a {building}", "waiting at a platform", "travelling through the mountains"),
    ),
    "flight": ("plane", "jet", "helicopter", "hot air balloon", "small airplane", "seaplane"),
    "flight_act": ("flying over {sight}", "landing near {sight}", "taking off", "flying low over a {water}"),
    "sight": ("the city", "the mountains", "a {building}", "the clouds", "a {water}", "a {green} field", "the roofs"),
    "road": (
        *("on a {quality} street", "in front of a {building}", "beside a {material} wall", "at a traffic light"),
        *("along a {quality} road", "under a bridge", "next to a parking meter", "in a parking lot"),
        *("near a {building}",),
    ),
    "boat": ("boat", "sailboat", "ferry", "canoe", "fishing boat", "ship", "raft"),
    "water": ("lake", "river", "pond", "harbour", "canal", "beach", "waterfall", "swimming pool"),
}
_FOOD = {
    "dish": (
        *("a {taste} pizza", "a {taste} sandwich", "a bowl of {soup} soup", "a {taste} salad", "a hamburger"),
        *("a hot dog", "a slice of {cake}", "a plate of {pasta}", "a grilled fish", "a {taste} omelette"),
        *("a stack of pancakes", "a bowl of fruit", "a pile of {vegetables}", "a roast chicken", "a {cake}"),
    ),
    "side": (
        *("{vegetables}", "{vegetables}", "fries", "rice", "melted cheese", "a {colour} sauce", "fresh herbs"),
        *("beans", "slices of lemon", "boiled eggs", "mashed potatoes", "{vegetables} and {vegetables}"),
    ),
    "vegetables": (
        *("carrots", "tomatoes", "onions", "mushrooms", "peppers", "olives", "broccoli", "spinach", "peas", "corn"),
        *("cucumbers", "potatoes", "oranges", "bananas", "apples", "strawberries"),
    ),
    "soup": ("tomato", "noodle", "vegetable", "chicken", "onion", "pumpkin"),
    "pasta": ("spaghetti", "noodles", "lasagna", "dumplings", "sushi"),
    "cake": ("chocolate cake", "birthday cake", "cheesecake", "apple pie", "wedding cake", "lemon tart"),
    "snack": (
        *("an ice cream", "a sandwich", "a banana", "a donut", "a slice of pizza", "an apple", "popcorn"),
        *("a hot dog",),
    ),
    "meal": ("dinner", "breakfast", "soup", "a {taste} omelette", "vegetables", "fish"),
    "taste": ("small", "large", "fresh", "homemade", "toasted", "half eaten", "colourful", "vegetarian"),
    "hot_drink": ("coffee", "tea", "hot chocolate", "a glass of wine", "orange juice", "a bottle of water"),
    "drink": ("a cup of coffee", "a glass of milk", "a pot of tea", "a glass of wine", "a bottle of beer", "a mug"),
    "plate": (
        *("on a {colour} plate", "on a {material} table", "on a paper tray", "on a {colour} tablecloth"),
        *("on a {material} cutting board", "on a {quality} counter", "in a {colour} bowl", "in a cardboard box"),
    ),
    "goods": ("fruit", "flowers", "vegetables", "newspapers", "hats", "fish", "bread", "balloons"),
}
_ROOMS = {
    "room": (
        *("a {size} kitchen", "a {quality} living room", "a {colour} bathroom", "a {size} bedroom"),
        *("a {quality} office", "a {quality} hotel room", "a {size} dining room", "a {quality} library"),
        *("a {size} classroom", "a hallway"),
    ),
    "furniture": (
        *("a {colour} sofa", "a {material} table", "a {size} bed", "a {colour} armchair", "a {material} desk"),
        *("a {size} window", "a {colour} rug", "a {size} mirror", "a fireplace", "a white sink"),
        *("a {colour} curtain", "a {material} bookshelf", "a {size} refrigerator", "an old stove", "a {colour} lamp"),
        *("a television", "a {material} cupboard", "a bathtub", "a piano", "a {size} clock"),
    ),
    "thing": (
        *("a {colour} vase", "a pair of scissors", "a {colour} suitcase", "a laptop", "a {size} clock"),
        *("a teddy bear", "a {colour} book", "a cell phone", "a {colour} umbrella", "a {material} bowl"),
        *("a {instrument}", "a remote control", "a {size} candle", "a {colour} telephone", "a toothbrush"),
        *("a {colour} bag", "a pair of {colour} shoes", "a bunch of flowers", "a {size} globe", "a typewriter"),
        *("a {colour} blanket",),
    ),
    "surface": (
        *("on a {material} table", "on a {colour} chair", "on a {material} shelf", "on the floor"),
        *("on a {size} desk", "on a {colour} blanket", "beside a {size} window", "on a {material} bench"),
        *("on an unmade bed",),
    ),
    "seat": ("{material} bench", "{colour} sofa", "{colour} chair", "{material} chair", "{colour} blanket", "swing"),
    "container": ("basket", "{colour} box", "{colour} suitcase", "bucket", "{colour} bag", "tray", "{material} crate"),
    "paper": ("newspaper", "map", "book", "menu", "letter", "magazine", "picture"),
    "painted": ("{material} fence", "{colour} wall", "portrait", "boat", "{material} chair"),
    "instrument": ("guitar", "violin", "drum", "trumpet", "piano", "flute", "cello", "accordion"),
    "bat": ("bat", "tennis racket", "golf club", "hockey stick"),
    "ball_game": ("tennis", "football", "baseball", "volleyball", "basketball", "golf", "hockey", "chess", "cricket"),
}
_PLACES = {
    "place": (
        *("in a {green} park", "on a {quality} beach", "on a {quality} street", "in front of a {building}"),
        *("at a {quality} market", "next to a {water}", "under a {tree}", "on a {material} bridge", "at a bus stop"),
        *("in a {green} garden", "near a fountain", "at a train station", "on a {size} balcony"),
        *("outside a {building}", "by the {water}", "in the rain", "on a rocky hill", "on a {quality} square"),
    ),
    "field": (
        *("on a {green} field", "in a crowded stadium", "on a {quality} court", "in a {green} park", "on the sand"),
        *("in a school yard", "under bright lights", "in front of a crowd", "behind a {building}"),
    ),
    "building": (
        *("church", "brick house", "{colour} house", "bakery", "hotel", "school", "museum", "castle", "lighthouse"),
        *("train station", "stone tower", "farm", "{colour} barn", "shop", "cafe", "theatre", "temple", "factory"),
        *("windmill", "clock tower", "hospital", "library"),
    ),
    "scene": (
        *("a {quality} city", "a {size} valley", "a snowy mountain", "a {quality} harbour", "a {green} forest"),
        *("an old village", "a {quality} street", "a {size} bridge", "a rocky coast", "a {green} meadow", "a desert"),
    ),
    "when": (
        *("at night", "at sunset", "in the morning", "on a cloudy day", "in winter", "in autumn", "on a sunny day"),
        *("before a storm", "in the fog", "after the rain"),
    ),
    "tree": ("tree", "palm tree", "{size} tree", "pine tree", "apple tree", "bare tree", "{colour} umbrella"),
    "green": ("green", "grassy", "dry", "wide", "sunny", "muddy", "snowy", "flowering", "quiet"),
    "quality": (
        *("quiet", "busy", "narrow", "empty", "crowded", "sunny", "dusty", "wet", "modern", "old", "dark", "clean"),
    ),
    "material": ("wooden", "stone", "metal", "glass", "brick", "plastic", "marble", "rusty", "white", "round"),
    "size": ("small", "large", "tiny", "huge", "big", "tall", "wide"),
    "colour": (
        *("red", "blue", "green", "yellow", "white", "black", "brown", "orange", "purple", "pink", "grey", "silver"),
    ),
}

CAPTIONS = Phrases(
    {
        "caption": (
            "{person} is {act} {place}",
            "{person} {act} {place}",
            "{person} is {act} {place} {when}",
            "{people} are {act} {place}",
            "{people} {act} {place} {when}",
            "{person} is {indoor_act} in {room}",
            "{people} are {indoor_act} in {room}",
            "{person} is {act} while {people} are watching",
            "there is {person} {act} {place}",
            "{person} is {sport} {field}",
            "{people} are {sport} {field}",
            "{person} is {slope_act} a snowy {slope}",
            "{people} are {slope_act} a {size} {slope} {when}",
            "{person} is {wave_act} near a {quality} beach",
            "{animal} is {animal_act} {animal_place}",
            "{animal} {animal_act} {animal_place} {when}",
            "{animals} are {animal_act} {animal_place}",
            "{animals} {animal_act} {animal_place}",
            "there are {animals} {animal_act} {animal_place}",
            "{person} stands next to {animal} {place}",
            "a close up of {animal} {animal_act}",
            "a {colour} {vehicle} is parked {road}",
            "{count} {vehicles} are parked {road}",
            "a {quality} street with {count} {colour} {vehicles} {when}",
            "a {colour} {rail} is {rail_act} {when}",
            "a {colour} {flight} is {flight_act} {when}",
            "a {size} {boat} on a {quality} {water} {when}",
            "{count} {people_on_boat} in a {colour} {boat}",
            "{dish} with {side} {plate}",
            "{dish} and {drink} {plate}",
            "a {colour} plate holds {dish} and {side}",
            "{person} is holding {dish} with {side}",
            "{room} with {furniture} and {furniture}",
            "{room} has {furniture} next to {furniture}",
            "{furniture} stands in {room} beside {furniture}",
            "{thing} lies {surface} next to {thing}",
            "there is {thing} and {thing} {surface}",
            "{thing} and {thing} {surface}",
            "a view of {scene} {when}",
            "a {building} and a {building} {road} {when}",
            "a {size} {building} stands beside a {water} {when}",
            "{scene} with a {building} in the background",
        ),
        "slope": ("slope", "hill", "mountain", "trail"),
        "people_on_boat": ("men", "women", "tourists", "fishermen", "children", "dogs", "passengers"),
        **_PEOPLE,
        **_ANIMALS,
        **_TRAFFIC,
        **_FOOD,
        **_ROOMS,
        **_PLACES,
    }
)
