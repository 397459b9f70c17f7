package io.jenkins.plugins.gitops.agent.cluster;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.agent.cluster.DesiredInventory.ObjectMembership;

/**
 * Whether an application may apply an object that exists.
 *
 * @param message why not, and the way out; null when it may
 */
record Ownership(OwnershipKind kind, @CheckForNull String message) {
    /** What may be done with the object. */
    enum OwnershipKind {
        /** Managed by this application already. */
        OURS,
        /** Managed by another application or agent, which gives it away. */
        ADOPTED,
        /** A namespace that another application or agent applies: this one uses it as it is. */
        SHARED,
        /** Not decided before the application that manages it was rendered at the same revision. */
        PENDING,
        /** Managed by another application or agent. */
        REFUSED
    }

    private static final Ownership OURS = new Ownership(OwnershipKind.OURS, null);
    private static final Ownership ADOPTED = new Ownership(OwnershipKind.ADOPTED, null);

    /**
     * Decides for one object.
     *
     * @param live who manages the object
     * @param mine this agent
     * @param application that Git wants it to belong to
     * @param adopts whether adoption from the agent that manages the object was requested
     * @param other what the application that manages the object is to it in Git, if it is one of this agent
     */
    static Ownership decide(
            TrackingAnnotation live, Installation mine, String application, boolean adopts, ObjectMembership other) {
        boolean sameApplication = live.application().equals(application);
        boolean unmarked = live.installation() == null;
        if (unmarked || mine.owns(live.installation())) {
            if (sameApplication) {
                return OURS;
            }
            // Without an installation id, an application that is not in Git may be another agent's.
            return unmarked && other == ObjectMembership.APPLICATION_GONE
                    ? refused(live, unmarked())
                    : ofApplication(live, other);
        }
        return adopts ? ADOPTED : refused(live, ofAgent(live.installation()));
    }

    /** Whether its manifest may be applied. */
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

    /** The same for a namespace: nobody is kept from using it. */
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
