using GpuRnn.Reports;

namespace GpuRnn.Lecture.Tasks.Captions;

/// <summary>A picture and the sentence that says what is on it; words and the full stop with one space between them.</summary>
sealed record CaptionedPicture(RgbPicture Picture, string Caption);
