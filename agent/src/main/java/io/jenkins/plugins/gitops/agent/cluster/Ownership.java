package io.jenkins.plugins.gitops.agent.cluster;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.agent.cluster.DesiredInventory.ObjectMembership;

/**
 * Whether an application may apply an existing object.
 *
 * @param message why not, with the remedy; null if it may
 */
record Ownership(OwnershipKind kind, @CheckForNull String message) {
    /** The result of the decision. */
    enum OwnershipKind {
        /** Already managed by this application. */
        OURS,
        /** Managed by another application or agent, which releases it. */
        ADOPTED,
        /** A namespace that another application or agent applies; this application uses it unchanged. */
        SHARED,
        /** Undecided until the application that manages it was rendered at the same revision. */
        PENDING,
        /** Managed by another application or agent. */
        REFUSED
    }

    private static final Ownership OURS = new Ownership(OwnershipKind.OURS, null);
    private static final Ownership ADOPTED = new Ownership(OwnershipKind.ADOPTED, null);

    /**
     * Decides for one object.
     *
     * @param live the current manager of the object
     * @param mine this agent
     * @param application the application that it belongs to in Git
     * @param adopts whether adoption from the agent that manages the object was requested
     * @param other the relation of its current application in Git to the object, if it is an application of this agent
     */
    static Ownership decide(
            TrackingAnnotation live, Installation mine, String application, boolean adopts, ObjectMembership other) {
        boolean sameApplication = live.application().equals(application);
        boolean unmarked = live.installation() == null;
        if (unmarked || mine.owns(live.installation())) {
            if (sameApplication) {
                return OURS;
            }
            // Without an installation id, an application that is not in Git may belong to another agent.
            return unmarked && other == ObjectMembership.APPLICATION_GONE
                    ? refused(live, unmarked())
                    : ofApplication(live, other);
        }
        return adopts ? ADOPTED : refused(live, ofAgent(live.installation()));
    }

    /** Whether the application may apply its manifest. */
    boolean mayApply() {
        return kind == OwnershipKind.OURS || kind == OwnershipKind.ADOPTED;
    }

    private static Ownership ofApplication(TrackingAnnotation live, ObjectMembership other) {
        return switch (other) {
            case APPLICATION_GONE, NOT_DECLARED -> ADOPTED;
            case PENDING ->
                new Ownership(
                        OwnershipKind.PENDING,
                        "waits until application " + live.application() + " is rendered, to which it belongs");
            case UNKNOWN -> refused(live, ", which cannot be rendered; fix that application or remove it from Git");
            case DECLARED -> refused(live, ", whose folder has it, too; remove it from one of the two");
        };
    }

    /** Returns the decision for a namespace, which any application may use. */
    Ownership shared(TrackingAnnotation live) {
        if (kind != OwnershipKind.REFUSED && kind != OwnershipKind.PENDING) {
            return this;
        }
        String agent = live.installation() == null ? "" : " of " + live.installation();
        return new Ownership(
                OwnershipKind.SHARED,
                "is applied by application " + live.application() + agent
                        + "; the manifest of this application has no effect");
    }

    private static String unmarked() {
        return " of an unknown agent; to move it here, remove its annotation " + TrackingAnnotation.ANNOTATION;
    }

    private static String ofAgent(String installation) {
        return " of agent " + installation + "; to move it here, annotate its manifest with "
                + OwnershipRules.ADOPT_FROM + ": " + Installation.agentOf(installation)
                + ", then remove it from that agent's folder";
    }

    private static Ownership refused(TrackingAnnotation live, String why) {
        return new Ownership(OwnershipKind.REFUSED, "belongs to application " + live.application() + why);
    }
}
