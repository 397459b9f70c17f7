package io.jenkins.plugins.gitops.core.delivery;

/** Counts the folders that are listed; a tree of a few objects can have more than can be counted. */
final class ListingLimit {
    private final int max;
    private int listed;

    ListingLimit(int max) {
        this.max = max;
    }

    /** Counts one listing; false when it is one too many. */
    synchronized boolean mayList() {
        return listed <= max && ++listed <= max;
    }

    /** Whether there was one too many. */
    synchronized boolean isReached() {
        return listed > max;
    }
}
