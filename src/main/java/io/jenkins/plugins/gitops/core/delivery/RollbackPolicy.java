package io.jenkins.plugins.gitops.core.delivery;

import io.jenkins.plugins.gitops.core.model.ImageReference;
import io.jenkins.plugins.gitops.core.model.UserErrorException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;

/**
 * Who may roll back an environment, and to what.
 *
 * @param users ids of those who may; with {@code groups} empty too, everybody whom Jenkins lets
 * @param groups whose members may
 * @param approval whether a rollback needs an approval, which rollbacks cannot ask for: so there are none
 * @param toUnapproved whether a rollback may bring what no approved promotion brought, where policy asks for approval
 * @param verified images and revisions that are as good as approved ones: an image as {@link ImageReference} writes it, a
 *     revision with 40 digits
 */
public record RollbackPolicy(
        List<String> users, List<String> groups, boolean approval, boolean toUnapproved, List<String> verified) {
    /** What holds where nothing is said. */
    public static final RollbackPolicy DEFAULT = new RollbackPolicy(List.of(), List.of(), false, false, List.of());

    /** All of it: whoever can push a commit can find another one that begins like this. */
    private static final Pattern REVISION = Pattern.compile("[0-9a-f]{40}");

    public RollbackPolicy {
        users = List.copyOf(users);
        groups = List.copyOf(groups);
        verified = List.copyOf(verified);
    }

    /** Whether this can stand in {@code verified}. */
    static boolean isValidState(String text) {
        if (REVISION.matcher(text).matches()) {
            return true;
        }
        try {
            return ImageReference.parse(text).toString().equals(text);
        } catch (UserErrorException e) {
            return false;
        }
    }

    /**
     * Whether a person is among those who may roll back.
     *
     * @param user id of the person who asks
     * @param memberOf groups the person belongs to
     * @param userKey brings user ids to the form in which the realm compares them
     * @param groupKey the same for group names
     */
    public boolean allows(
            String user, Set<String> memberOf, UnaryOperator<String> userKey, UnaryOperator<String> groupKey) {
        if (users.isEmpty() && groups.isEmpty()) {
            return true;
        }
        String wanted = userKey.apply(user);
        return users.stream().anyMatch(u -> userKey.apply(u).equals(wanted))
                || groups.stream()
                        .map(groupKey)
                        .anyMatch(g -> memberOf.stream().map(groupKey).anyMatch(g::equals));
    }

    /** Who may roll back, for messages: {@code group payments-leads, user bob}. */
    public String describe() {
        List<String> names = new ArrayList<>();
        groups.forEach(group -> names.add("group " + group));
        users.forEach(user -> names.add("user " + user));
        return String.join(", ", names);
    }

    /** Whether an administrator named this state: its revision, or every one of its images. */
    public boolean isVerified(String revision, List<ImageReference> images) {
        return verified.contains(revision)
                || !images.isEmpty() && images.stream().allMatch(image -> verified.contains(image.toString()));
    }
}
