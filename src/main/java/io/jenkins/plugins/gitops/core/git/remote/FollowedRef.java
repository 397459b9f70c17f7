package io.jenkins.plugins.gitops.core.git.remote;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.Ref;
import org.eclipse.jgit.transport.FetchConnection;

/** The ref of the branch that is read and written: a given one, or that of the default branch, which may change. */
public final class FollowedRef {
    private final boolean defaultBranch;
    private volatile String name;

    /** @param branch null for the default branch */
    FollowedRef(@CheckForNull String branch) {
        this.defaultBranch = branch == null;
        this.name = branch == null ? DefaultBranch.UNKNOWN_REF : Constants.R_HEADS + branch;
    }

    boolean isDefaultBranch() {
        return defaultBranch;
    }

    /** False while the default branch has not been fetched yet. */
    public boolean isKnown() {
        return !name.equals(DefaultBranch.UNKNOWN_REF);
    }

    /** The full name; {@link DefaultBranch#UNKNOWN_REF} while the default branch is not known yet. */
    public String name() {
        return name;
    }

    /** A short name such as main; {@code HEAD} while the default branch is not known yet. */
    String shortName() {
        String ref = name;
        return ref.equals(DefaultBranch.UNKNOWN_REF) ? Constants.HEAD : ref.substring(Constants.R_HEADS.length());
    }

    /** Switches to another default branch; does nothing if the branch was given. */
    public void switchTo(String ref) {
        if (defaultBranch) {
            name = ref;
        }
    }

    /** The refs that the remote has to advertise for {@link #select}. */
    List<String> requested() {
        if (!defaultBranch) {
            return List.of(name);
        }
        return isKnown() ? List.of(name, Constants.HEAD) : List.of(Constants.HEAD);
    }

    /**
     * Selects the ref to fetch.
     *
     * @param maySwitch whether to switch to another default branch while the former one still exists
     * @return null if the branch does not exist, and HEAD refers to none
     */
    @CheckForNull
    Ref select(FetchConnection connection, BooleanSupplier maySwitch) {
        Ref present = connection.getRef(name);
        boolean missing = present == null || present.getObjectId() == null;
        Ref named = defaultBranch ? DefaultBranch.namedBy(connection.getRef(Constants.HEAD)) : null;
        if (named != null && !named.getName().equals(name) && (missing || maySwitch.getAsBoolean())) {
            return named;
        }
        return missing ? null : present;
    }
}
