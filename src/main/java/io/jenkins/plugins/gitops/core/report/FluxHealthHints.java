package io.jenkins.plugins.gitops.core.report;

/** What to do when Flux's events do not say whether what it applied is healthy. */
public final class FluxHealthHints {
    /** Of an object that was seen to check health, or that may: switching something on would be the wrong advice. */
    public static final String MAY_CHECK =
            "If it checks health (spec.wait or spec.healthChecks), set health: checked in gitops.yaml, or change"
                    + " anything that it renders; if it does not, wait for it with healthy: false";
    /** Of an object that applied something and was never seen to check health. */
    public static final String NEVER_CHECKED =
            "give it spec.wait or spec.healthChecks, or wait for it with healthy: false";

    private FluxHealthHints() {}
}
