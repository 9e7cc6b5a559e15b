namespace GpuRnn.Cli.Reports;

/// <summary>
/// Drawing needs more than the rest of the program: a library of its own, its fonts, room on the disk. No result is lost for a picture.
/// </summary>
static class Picture
{
    /// <summary>Draws something. If that cannot be, a line on standard error says why.</summary>
    /// <returns>Is it drawn?</returns>
    public static bool Try(Action draw, string what)
    {
        try
        {
            draw();
            return true;
        }
        // the library that is missing, or its initialiser, throws what it wants
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            Commands.Screen.Warn($"{what} could not be drawn: {e.GetBaseException().Message}");
            return false;
        }
    }
}
