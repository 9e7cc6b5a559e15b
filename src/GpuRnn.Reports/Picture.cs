namespace GpuRnn.Reports;

/// <summary>
/// Drawing needs more than the rest of a program: a library of its own, its fonts, room on the disk. No result is lost for a picture.
/// </summary>
static class Picture
{
    /// <summary>Draws something. If that cannot be, a warning says why.</summary>
    /// <returns>Is it drawn?</returns>
    public static bool Try(Action draw, string what, List<string> warnings)
    {
        try
        {
            draw();
            return true;
        }
        // the library that is missing, or its initialiser, throws what it wants
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            warnings.Add($"{what} could not be drawn: {e.GetBaseException().Message}");
            return false;
        }
    }
}
