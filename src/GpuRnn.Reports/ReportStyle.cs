using GpuRnn.Reports.Drawings;

namespace GpuRnn.Reports;

/// <summary>How reports look: CSS, with no font and no picture to fetch.</summary>
static class ReportStyle
{
    const string Dark = "--paper:#14171b;--ink:#e3e6ea;--muted:#9da5af;--grid:#2a3038;--axis:#5f6873;--good:#2fb98c;--bad:#ff8a4c;"
        + "--s0:#4ea3dc;--s1:#f0803c;--s2:#2dbd92;--s3:#dd94bd;--s4:#efb036;--s5:#86cbf2;--s6:#c3c8cf;--s7:#f0e442;--panel:#1b1f25";

    /// <summary>
    /// The variables that charts and pages take their colours from, light or dark as the reader's system is; paper is light.
    /// </summary>
    public static string Colors { get; } =
        $":root{{{Light()};--panel:#f6f7f9}}\n"
        + $"@media (prefers-color-scheme:dark){{:root{{{Dark}}}}}\n"
        + $"@media print{{:root{{{Light()};--panel:#f6f7f9}}}}\n";

    public static string Page { get; } = """
        *{box-sizing:border-box}
        body{margin:0;background:var(--paper);color:var(--ink);font:16px/1.55 system-ui,"Segoe UI",Roboto,"Helvetica Neue",sans-serif;
          -webkit-text-size-adjust:100%}
        main{max-width:828px;margin:0 auto;padding:40px 24px 64px}
        h1{font-size:28px;line-height:1.2;font-weight:650;letter-spacing:-.01em;margin:0 0 8px}
        h2{font-size:19px;line-height:1.3;font-weight:650;margin:0 0 12px}
        header p{font-size:17px;color:var(--muted);margin:0;max-width:65ch}
        section{margin-top:44px}
        section p{max-width:70ch;margin:0 0 16px}
        h1,h2,p,td,th,dt,dd{overflow-wrap:anywhere}
        .tiles{display:grid;grid-template-columns:repeat(auto-fill,minmax(144px,1fr));gap:12px;margin:28px 0 0}
        .tile{background:var(--panel);border-radius:8px;padding:12px 14px}
        .tile dt{font-size:13px;color:var(--muted)}
        .tile dd{margin:0}
        .tile strong{display:block;font-size:24px;line-height:1.3;font-weight:650;font-variant-numeric:tabular-nums}
        .tile span,.tile em{display:block;font-size:13px;line-height:1.4;font-style:normal;color:var(--muted)}
        .tile em{color:var(--s0)}
        figure{margin:20px 0 28px;overflow-x:auto}
        figure>svg{display:block;max-width:100%;height:auto}
        figure.narrow{display:none}
        .table{overflow-x:auto;margin:16px 0}
        table{border-collapse:collapse;font-size:15px;font-variant-numeric:tabular-nums}
        th,td{padding:6px 20px 6px 0;text-align:left;border-bottom:1px solid var(--grid);overflow-wrap:normal}
        th{font-weight:600;font-size:13px;color:var(--muted);border-bottom-color:var(--axis);vertical-align:bottom}
        th:last-child,td:last-child{padding-right:0}
        .number{text-align:right}
        td.number{white-space:nowrap}
        pre{margin:12px 0;padding:14px 16px;background:var(--panel);border-radius:8px;
          font:13.5px/1.5 ui-monospace,Menlo,Consolas,monospace;white-space:pre-wrap;overflow-wrap:anywhere}
        .command span{display:inline-block;max-width:100%}
        .marked{line-height:2}
        .marked bdi{border-radius:4px;padding:2px 3px}
        details{margin-top:44px}
        summary{cursor:pointer;color:var(--muted);font-size:15px}
        details pre{max-height:480px;overflow:auto}
        @media (max-width:640px){
        main{padding:24px 16px 48px}
        h1{font-size:24px}
        .tiles{grid-template-columns:repeat(auto-fill,minmax(140px,1fr))}
        figure.wide{display:none}
        figure.narrow{display:block}
        figure.narrow>svg{max-width:none}
        }
        @media print{
        body{font-size:11pt}
        main{max-width:none;padding:0}
        figure.wide{display:block}
        figure.narrow{display:none}
        figure,.tile,table,pre{break-inside:avoid}
        h2{break-after:avoid}
        *{print-color-adjust:exact;-webkit-print-color-adjust:exact}
        details:not([open]){display:none}
        }

        """;

    static string Light()
    {
        Tone[] roles =
        [
            Tone.Paper, Tone.Ink, Tone.Muted, Tone.Grid, Tone.Axis, Tone.Good, Tone.Bad,
            .. Enumerable.Range(0, Tone.SeriesCount).Select(Tone.OfSeries)
        ];
        return string.Join(';', roles.Select(t => $"--{t.Name}:#{t.Rgb:x6}"));
    }
}
