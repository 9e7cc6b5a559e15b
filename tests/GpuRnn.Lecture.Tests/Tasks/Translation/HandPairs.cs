namespace GpuRnn.Lecture.Tests.Tasks.Translation;

/// <summary>
/// Translations checked by hand, construction by construction. Their English is such that the sample of the tests has it.
/// </summary>
static class HandPairs
{
    public static readonly (string English, string French)[] All =
    [
        // articles, adjectives, their place and agreement
        ("the man likes the old man .", "l' homme aime le vieil homme ."),
        ("his woman is not going to my school .", "sa femme ne va pas à mon école ."),
        ("there are two old red cakes near the old hotel .", "il y a deux vieux gâteaux rouges près du vieil hôtel ."),
        ("her men bought a big blue house .", "ses hommes ont acheté une grande maison bleue ."),
        ("his cars are blue but they are big .", "ses voitures sont bleues mais elles sont grandes ."),
        ("some small men do not sleep in front of my hotel .", "de petits hommes ne dorment pas devant mon hôtel ."),
        ("there are some cars in the small station .", "il y a des voitures dans la petite gare ."),
        ("they are old .", "ils sont vieux ."),
        ("she is old .", "elle est vieille ."),
        // owners and places
        ("the man 's apple is red .", "la pomme de l' homme est rouge ."),
        ("the dogs ' cakes are in his school .", "les gâteaux des chiens sont dans son école ."),
        ("show me the dog 's old red apples .", "montre-moi les vieilles pommes rouges du chien ."),
        ("there is a tesla near the small blue house .", "il y a une tesla près de la petite maison bleue ."),
        ("he can go to the old hotel .", "il peut aller au vieil hôtel ."),
        // negation
        ("you did not go to the station .", "tu n' es pas allé à la gare ."),
        ("a child does not like the apples .", "un enfant n' aime pas les pommes ."),
        ("i am not old .", "je ne suis pas vieux ."),
        ("there are no children in front of her garden .", "il n' y a pas d' enfants devant son jardin ."),
        ("a man is not going to have any cakes .", "un homme ne va pas avoir de gâteaux ."),
        ("the children never see a big house .", "les enfants ne voient jamais de grande maison ."),
        ("i cannot buy a small apple and she wants to eat a cake .",
            "je ne peux pas acheter de petite pomme et elle veut manger un gâteau ."),
        // tenses and helpers
        ("the women went to the big garden .", "les femmes sont allées au grand jardin ."),
        ("the women went to the station yesterday .", "les femmes sont allées à la gare hier ."),
        ("i ate the old cake .", "j' ai mangé le vieux gâteau ."),
        ("she went to the station .", "elle est allée à la gare ."),
        ("some children went to the hotel .", "des enfants sont allés à l' hôtel ."),
        ("my small child is going to buy a car tomorrow .", "mon petit enfant va acheter une voiture demain ."),
        ("i am buying my apples .", "j' achète mes pommes ."),
        ("who often buys my cars ?", "qui achète souvent mes voitures ?"),
        // pronouns for things
        ("my child sees a tesla . the woman bought it .", "mon enfant voit une tesla . la femme l' a achetée ."),
        ("i am buying a cake . his man does not want to see it .", "j' achète un gâteau . son homme ne veut pas le voir ."),
        ("my child sees the apples . he likes them .", "mon enfant voit les pommes . il les aime ."),
        ("his small child sees her cars . you do not have them .", "son petit enfant voit ses voitures . tu ne les as pas ."),
        ("he bought her tesla . her man does not see it .", "il a acheté sa tesla . son homme ne la voit pas ."),
        ("her blue cake is big but she sees it .", "son gâteau bleu est grand mais elle le voit ."),
        ("the woman likes the car . it is old .", "la femme aime la voiture . elle est vieille ."),
        ("her man is going to have the big cake because it is red .", "son homme va avoir le grand gâteau parce qu' il est rouge ."),
        // relative clauses
        ("she is eating the small cake that she sees .", "elle mange le petit gâteau qu' elle voit ."),
        ("an old woman who can go to the big station bought a cake .",
            "une vieille femme qui peut aller à la grande gare a acheté un gâteau ."),
        ("show me the red apples that his old man bought .", "montre-moi les pommes rouges que son vieil homme a achetées ."),
        // questions and requests
        ("where can i buy a tesla ?", "où puis-je acheter une tesla ?"),
        ("hey siri , where can i buy a tesla ?", "dis siri , où puis-je acheter une tesla ?"),
        ("hey siri , where is her small dog ?", "dis siri , où est son petit chien ?"),
        ("where does he sleep ?", "où est-ce qu' il dort ?"),
        ("what do they want to eat ?", "qu' est-ce qu' ils veulent manger ?"),
        ("who did not go to the school , please ?", "qui n' est pas allé à l' école , s' il te plaît ?"),
        ("does he want to buy two apples ?", "est-ce qu' il veut acheter deux pommes ?"),
        ("do some small children see the old red cake ?", "est-ce que de petits enfants voient le vieux gâteau rouge ?"),
        ("show me the big blue car , please .", "montre-moi la grande voiture bleue , s' il te plaît ."),
    ];
}
