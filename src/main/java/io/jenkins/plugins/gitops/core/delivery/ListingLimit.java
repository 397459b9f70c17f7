package io.jenkins.plugins.gitops.core.delivery;

/** Limits the number of listed folders, since a tree of a few Git objects can have an exponential number of folders. */
final class ListingLimit {
    private final int max;
    private int listed;

    ListingLimit(int max) {
        this.max = max;
    }

    /** Counts one listing; false when the limit is exceeded. */
    synchronized boolean mayList() {
        return listed <= max && ++listed <= max;
    }

    /** Whether the limit was exceeded. */
    synchronized boolean isReached() {
        return listed > max;
    }
}
