package io.jenkins.plugins.gitops.config;

import io.jenkins.plugins.gitops.core.model.RefusedException;
import java.util.regex.Pattern;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.Repository;

/** Which names are let in: they become parts of file names, headers and refs. */
final class Names {
    private static final Pattern NAME = Pattern.compile("[a-zA-Z0-9][a-zA-Z0-9._-]{0,62}");

    private Names() {}

    /**
     * @param what "repository" or "agent"
     * @throws RefusedException when it is empty, too long or holds other characters
     */
    static void check(String what, String name) throws RefusedException {
        if (!NAME.matcher(name).matches()) {
            throw new RefusedException(
                    name.isEmpty()
                            ? "The name of the " + what + " is empty"
                            : "\"" + name + "\" is no " + what + " name",
                    "Give 1 to 63 letters, digits, '.', '_' or '-', beginning with a letter or digit");
        }
    }

    /** @throws RefusedException when Git would not take it as the name of a branch */
    static void checkBranch(String branch) throws RefusedException {
        if (branch.startsWith("-") || !Repository.isValidRefName(Constants.R_HEADS + branch)) {
            throw new RefusedException("\"" + branch + "\" is no branch name", "Give a short name such as main");
        }
    }
}
