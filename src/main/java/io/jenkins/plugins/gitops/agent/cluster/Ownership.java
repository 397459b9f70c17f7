package io.jenkins.plugins.gitops.agent.cluster;

import edu.umd.cs.findbugs.annotations.CheckForNull;

/**
 * Whether an application may apply an object that exists.
 *
 * @param message why not, and the way out; null when it may
 */
record Ownership(Kind kind, @CheckForNull String message) {
    /** What may be done with the object. */
    enum Kind {
        /** Managed by this application already. */
        OURS,
        /** Managed by another application or agent, which gives it away. */
        ADOPTED,
        /** Managed by another application or agent. */
        REFUSED
    }

    private static final Ownership OURS = new Ownership(Kind.OURS, null);
    private static final Ownership ADOPTED = new Ownership(Kind.ADOPTED, null);

    /**
     * Decides for one object.
     *
     * @param live who manages the object
     * @param mine this agent
     * @param application that Git wants it to belong to
     * @param adopts whether adoption from the agent that manages the object was requested
     */
    static Ownership decide(Tracking live, Installation mine, String application, boolean adopts) {
        boolean sameApplication = live.application().equals(application);
        if (live.installation() == null) {
            return sameApplication
                    ? OURS
                    : refused("belongs to application " + live.application() + " of an agent that did not write its name;"
                            + " to move it here, remove its annotation " + Tracking.ANNOTATION);
        }
        if (mine.owns(live.installation())) {
            return sameApplication ? OURS : refused("belongs to application " + live.application());
        }
        if (adopts) {
            return ADOPTED;
        }
        String agent = Installation.agentOf(live.installation());
        return refused("belongs to application " + live.application() + " of agent " + live.installation()
                + "; to move it here, remove it from that agent's folder and annotate its manifest with "
                + OwnershipRules.ADOPT_FROM + ": " + agent);
    }

    private static Ownership refused(String message) {
        return new Ownership(Kind.REFUSED, message);
    }
}
