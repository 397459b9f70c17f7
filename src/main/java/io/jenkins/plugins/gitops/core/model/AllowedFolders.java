package io.jenkins.plugins.gitops.core.model;

import java.util.List;

/**
 * The folders whose jobs may use something, by full name such as {@code team/payments}; the name of a job is allowed,
 * too. {@link #ALL} allows every job; an empty list allows none.
 */
public record AllowedFolders(List<String> names) {
    /** Every job of this Jenkins. */
    public static final String ALL = "*";

    private static final int MAX_LENGTH = 500;

    public AllowedFolders {
        names = List.copyOf(names);
    }

    /** Whether every job is allowed. */
    public boolean isAll() {
        return names.contains(ALL);
    }

    /**
     * Whether a job is allowed.
     *
     * @param job full name of a job, for example {@code team/payments/api}
     */
    public boolean allows(String job) {
        return isAll() || names.stream().anyMatch(name -> job.equals(name) || job.startsWith(name + "/"));
    }

    /**
     * Validates the names.
     *
     * @param what whose folders they are, for the message
     * @throws UserErrorException if there are no names, one is not a valid folder name, or {@link #ALL} is combined
     *     with others
     */
    public void check(String what) throws UserErrorException {
        if (names.isEmpty()) {
            throw new UserErrorException(
                    what + " names no folder whose jobs may use it",
                    "Give the full names of folders, separated by commas, or * for every job");
        }
        if (isAll() && names.size() > 1) {
            throw new UserErrorException(
                    what + " names * and folders", "Give either * for every job, or the full names of folders");
        }
        for (String name : names) {
            if (!name.equals(ALL) && !isFullName(name)) {
                throw new UserErrorException(
                        "\"" + name + "\" is not a valid full name of a folder",
                        "Give it as in the folder's URL without job/, for example team/payments, or * for every job");
            }
        }
    }

    private static boolean isFullName(String name) {
        return name.length() <= MAX_LENGTH
                && TextSanitizer.isClean(name)
                && name.chars().noneMatch(c -> "?*\\%!@#$^&|<>[]:;".indexOf(c) >= 0)
                && !name.startsWith("/")
                && !name.endsWith("/")
                && !name.contains("//");
    }
}
