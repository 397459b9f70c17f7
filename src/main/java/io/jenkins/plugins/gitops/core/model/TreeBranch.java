package io.jenkins.plugins.gitops.core.model;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import java.util.Objects;

/**
 * Which branch of a config repository files or a target are on.
 *
 * @param name short name of the branch; null when it is not known, as for a local folder
 * @param policy short name of the branch that {@code gitops.yaml} is read from; null when it is not known
 */
public record TreeBranch(
        @CheckForNull String name, @CheckForNull String policy) {
    /** Of files of which only is known that {@code gitops.yaml} is among them. */
    public static final TreeBranch UNKNOWN = new TreeBranch(null, null);

    /** The branch that {@code gitops.yaml} is read from. */
    public static TreeBranch ofPolicy(String name) {
        return new TreeBranch(name, name);
    }

    /** Whether {@code gitops.yaml} is read from this branch. */
    public boolean isOfPolicy() {
        return Objects.equals(name, policy);
    }

    /** The name; null for the branch that {@code gitops.yaml} is read from. */
    @CheckForNull
    public String environmentBranch() {
        return isOfPolicy() ? null : name;
    }
}
