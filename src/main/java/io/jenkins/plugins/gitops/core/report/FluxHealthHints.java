package io.jenkins.plugins.gitops.core.report;

/** Advice for when Flux's events do not show whether the applied objects are healthy. */
public final class FluxHealthHints {
    /** For an object that checks health, or may do so: advice to enable health checks would be wrong. */
    public static final String MAY_CHECK =
            "If it checks health (spec.wait or spec.healthChecks), set health: checked in gitops.yaml, or change"
                    + " anything that it renders; if it does not, wait for it with healthy: false";
    /** For an object that applied something and never reported a health check. */
    public static final String NEVER_CHECKED =
            "give it spec.wait or spec.healthChecks, or wait for it with healthy: false";

    private FluxHealthHints() {}
}
