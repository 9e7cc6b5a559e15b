namespace GpuRnn.Lecture.Tasks.Translation;

/// <summary>A noun of both languages.</summary>
/// <param name="English">One of it.</param>
/// <param name="EnglishPlural">Several; "" if the grammar only ever speaks of one.</param>
/// <param name="French">One of it.</param>
/// <param name="FrenchPlural">Several.</param>
/// <param name="Feminine">The French gender.</param>
/// <param name="Adjectives">English adjectives that go before it: French "grand homme" would be a great man, not a big one.</param>
sealed record Noun(string English, string EnglishPlural, string French, string FrenchPlural, bool Feminine, params string[] Adjectives);

/// <summary>All nouns.</summary>
static class Nouns
{
    public static readonly Noun
        Man = new("man", "men", "homme", "hommes", false, "small", "old"),
        Woman = new("woman", "women", "femme", "femmes", true, "small", "old"),
        Child = new("child", "children", "enfant", "enfants", false, "small"),
        Dog = new("dog", "dogs", "chien", "chiens", false, "big", "small", "old"),
        Car = new("car", "cars", "voiture", "voitures", true, "big", "small", "old", "red", "blue"),
        Tesla = new("tesla", "", "tesla", "", true, "big", "small", "old", "red", "blue"),
        House = new("house", "houses", "maison", "maisons", true, "big", "small", "old", "red", "blue"),
        Apple = new("apple", "apples", "pomme", "pommes", true, "big", "small", "old", "red"),
        Cake = new("cake", "cakes", "gâteau", "gâteaux", false, "big", "small", "old", "red", "blue"),
        Garden = new("garden", "", "jardin", "", false, "big", "small", "old"),
        Station = new("station", "", "gare", "", true, "big", "small", "old"),
        School = new("school", "", "école", "", true, "big", "small", "old"),
        Hotel = new("hotel", "", "hôtel", "", false, "big", "small", "old");

    public static readonly Noun[]
        People = [Man, Woman, Child],
        Animates = [Man, Woman, Child, Dog],
        Foods = [Apple, Cake],
        Things = [Car, Tesla, House, Apple, Cake],
        Sights = [Man, Woman, Child, Dog, Car, Tesla, House, Apple, Cake],
        // "à la maison" would mean home, so nobody goes to the house.
        Goals = [Garden, Station, School, Hotel],
        Places = [Garden, Station, School, Hotel, House];
}
