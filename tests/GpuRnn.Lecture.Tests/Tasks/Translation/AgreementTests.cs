using GpuRnn.Lecture.Tasks.Translation;

namespace GpuRnn.Lecture.Tests.Tasks.Translation;

/// <summary>French output, read back and held against a second set of tables.</summary>
public class AgreementTests
{
    static readonly string[][] sentences = [.. TranslationGrammar.Generate(11, 40_000).Select(p => p.TargetWords)];

    [Test]
    public void EveryNounPhraseAgrees()
    {
        int phrases = 0;
        foreach (string[] words in sentences)
            for (int i = 0; i < words.Length; i++)
            {
                if (!FrenchRules.Nouns.TryGetValue(words[i], out string? kind)) continue;
                string all = string.Join(' ', words), wanted = $"{words[i]} of '{all}'";
                int first = i;
                while (FrenchRules.Before.TryGetValue(words[first - 1], out string? kinds))
                {
                    Assert.That(kinds.Split(' '), Does.Contain(kind), wanted);
                    first--;
                }
                if (i + 1 < words.Length && FrenchRules.After.TryGetValue(words[i + 1], out string? after))
                    Assert.That(after.Split(' '), Does.Contain(kind), wanted);
                Assert.That(FrenchRules.Determiners, Does.ContainKey(words[first - 1]), wanted);
                string determiner = words[first - 1];
                Assert.That(FrenchRules.Determiners[determiner].Split(' '), Does.Contain(kind), wanted);
                if (determiner is "mon" or "son" && kind == "fs") Assert.That(FrenchRules.IsVowel(words[first][0]), wanted);
                if (determiner is "ma" or "sa" or "le" or "la" or "du" or "au")
                    Assert.That(FrenchRules.IsVowel(words[first][0]), Is.False, wanted);
                if (words[i - 1] is "vieil" or "vieux" && kind == "ms")
                    Assert.That(words[i - 1] == "vieil", Is.EqualTo(FrenchRules.IsVowel(words[i][0])), wanted);
                // "de grandes voitures", never "des grandes voitures", unless it is "of the".
                if (determiner == "des" && first < i)
                    Assert.That(first >= 3 && (words[first - 2] == "près" || IsOwned(words, first - 2)), wanted);
                phrases++;
            }
        Assert.That(phrases, Is.GreaterThan(60_000));
    }

    /// <summary>Does a noun phrase end there, so that "des" is "of the"?</summary>
    static bool IsOwned(string[] words, int at) => FrenchRules.Nouns.ContainsKey(words[at]) || FrenchRules.After.ContainsKey(words[at]);

    [Test]
    public void EveryElisionIsMadeAndNoOther()
    {
        string[] full = ["le", "la", "de", "ne", "je", "que"], elided = ["l'", "d'", "n'", "j'", "qu'", "s'"];
        foreach (string[] words in sentences)
            for (int i = 0; i + 1 < words.Length; i++)
            {
                bool vowel = FrenchRules.IsVowel(words[i + 1][0]);
                if (full.Contains(words[i])) Assert.That(vowel, Is.False, string.Join(' ', words));
                if (elided.Contains(words[i])) Assert.That(vowel, string.Join(' ', words));
                Assert.That($"{words[i]} {words[i + 1]}", Is.Not.AnyOf("de le", "de les", "à le", "à les"));
            }
    }

    [Test]
    public void VerbsGoWithTheirPronouns()
    {
        int verbs = 0;
        foreach (string[] words in sentences)
            for (int i = 0; i < words.Length; i++)
            {
                string person =
                    words[i] switch { "je" or "j'" => "je", "tu" => "tu", "il" or "elle" => "il", "ils" or "elles" => "ils", _ => "" };
                int verb = i + 1;
                if (person == "") continue;
                while (words[verb] is "ne" or "n'" or "le" or "la" or "l'" or "les" or "y") verb++;
                if (words[verb] == "te") continue; // s' il te plaît
                Assert.That(FrenchRules.Verbs, Does.ContainKey(words[verb]), string.Join(' ', words));
                Assert.That(FrenchRules.Verbs[words[verb]].Split(' '), Does.Contain(person), string.Join(' ', words));
                verbs++;
            }
        Assert.That(verbs, Is.GreaterThan(20_000));
    }

    // A noun at the start of a sentence, with nothing between it and its verb.
    [Test]
    public void VerbsGoWithTheirNouns()
    {
        int verbs = 0;
        foreach (string[] words in sentences)
        {
            int noun = Array.FindIndex(words, FrenchRules.Nouns.ContainsKey), verb = noun + 1;
            if (noun < 0 || noun > 2 || !FrenchRules.Determiners.ContainsKey(words[0])) continue;
            if (FrenchRules.After.ContainsKey(words[verb])) verb++;
            if (words[verb] is "ne" or "n'") verb++;
            if (!FrenchRules.Verbs.TryGetValue(words[verb], out string? persons)) continue;
            Assert.That(persons.Split(' '), Does.Contain(FrenchRules.Nouns[words[noun]][1] == 's' ? "il" : "ils"), string.Join(' ', words));
            verbs++;
        }
        Assert.That(verbs, Is.GreaterThan(5000));
    }

    [Test]
    public void ParticiplesAgreeWithTheThingBefore()
    {
        string[] participles = ["mangé", "acheté", "vu"];
        int seen = 0;
        foreach (string[] words in sentences)
            for (int i = 2; i < words.Length; i++)
            {
                string? stem =
                    participles.FirstOrDefault(p => words[i].StartsWith(p, StringComparison.Ordinal) && words[i].Length <= p.Length + 2);
                if (stem is null) continue;
                // back over "ai", "pas" and the like to a pronoun
                int at = i - 1;
                while (words[at] is "pas" or "jamais" || FrenchRules.Verbs.ContainsKey(words[at])) at--;
                if (words[at] is not ("les" or "l'")) continue;
                int noun = Array.FindLastIndex(words, at, w => FrenchRules.Nouns.ContainsKey(w) && !IsPerson(w));
                string kind = FrenchRules.Nouns[words[noun]];
                Assert.That(words[i], Is.EqualTo(stem + (kind[0] == 'f' ? "e" : "") + (kind[1] == 'p' ? "s" : "")),
                    string.Join(' ', words));
                Assert.That(words[at] == "les", Is.EqualTo(kind[1] == 'p'), string.Join(' ', words));
                seen++;
            }
        Assert.That(seen, Is.GreaterThan(300));
    }

    static bool IsPerson(string noun) => noun.StartsWith("homme") || noun.StartsWith("femme") || noun.StartsWith("enfant");
}
