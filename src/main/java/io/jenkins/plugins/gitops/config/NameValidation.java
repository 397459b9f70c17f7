package io.jenkins.plugins.gitops.config;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.Util;
import io.jenkins.plugins.gitops.core.model.UserErrorException;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.Repository;

/** Validates names, which become parts of file names, headers and refs. */
final class NameValidation {
    private static final Pattern NAME = Pattern.compile("[a-zA-Z0-9][a-zA-Z0-9._-]{0,62}");

    private static final Pattern PATTERN = Pattern.compile("[a-zA-Z0-9*][a-zA-Z0-9._*-]{0,62}");

    private NameValidation() {}

    /** The names in a comma-separated list, in order; empty for null. */
    static Set<String> split(@CheckForNull String list) {
        return Arrays.stream(Util.fixNull(list).split(","))
                .map(String::trim)
                .filter(name -> !name.isEmpty())
                .collect(Collectors.toCollection(LinkedHashSet::new));
    }

    /** Normalizes a comma-separated list: removes spaces and duplicates; null if it is empty. */
    @CheckForNull
    static String normalizeList(@CheckForNull String list) {
        return Util.fixEmpty(String.join(", ", split(list)));
    }

    /** Whether a comma-separated list contains a name; null is a list of all names. */
    static boolean contains(@CheckForNull String list, String name) {
        return list == null || split(list).contains(name);
    }

    /** @throws UserErrorException when an entry of a comma-separated list is not a valid name, see {@link #check} */
    static void checkAll(String what, @CheckForNull String list) throws UserErrorException {
        for (String name : split(list)) {
            check(what, name);
        }
    }

    /**
     * Checks a comma-separated list of names, with {@code *} for any characters.
     *
     * @throws UserErrorException when one is too long or contains other characters
     */
    static void checkPatterns(String what, @CheckForNull String list) throws UserErrorException {
        for (String name : split(list)) {
            if (!PATTERN.matcher(name).matches()) {
                throw new UserErrorException(
                        "\"" + name + "\" is not a valid " + what + " name",
                        "Use letters, digits, '.', '_', '-' and the wildcard '*'; separate names with commas");
            }
        }
    }

    /**
     * @param what "repository" or "agent"
     * @throws UserErrorException when it is empty, too long or contains other characters
     */
    static void check(String what, String name) throws UserErrorException {
        if (!NAME.matcher(name).matches()) {
            throw new UserErrorException(
                    name.isEmpty()
                            ? "The name of the " + what + " is empty"
                            : "\"" + name + "\" is not a valid " + what + " name",
                    "Use 1 to 63 letters, digits, '.', '_' or '-', starting with a letter or digit");
        }
    }

    /** @throws UserErrorException when it is not a valid branch name for Git; null is valid */
    static void checkBranch(@CheckForNull String branch) throws UserErrorException {
        if (branch != null && (branch.startsWith("-") || !Repository.isValidRefName(Constants.R_HEADS + branch))) {
            throw new UserErrorException(
                    "\"" + branch + "\" is not a valid branch name", "Use a short name such as main");
        }
    }
}
