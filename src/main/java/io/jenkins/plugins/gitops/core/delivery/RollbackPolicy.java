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
 * @param users ids of users who may roll back; if {@code groups} is empty as well, all users with the Jenkins
 *     permission may
 * @param groups whose members may roll back
 * @param approval whether a rollback requires an approval, which a rollback cannot request: rollbacks are disabled then
 * @param toUnapproved whether a rollback may restore images without an approved promotion, although the policy requires
 *     approval
 * @param verified images and revisions that count as approved: an image in the format of {@link ImageReference}, a
 *     revision with 40 digits
 */
public record RollbackPolicy(
        List<String> users, List<String> groups, boolean approval, boolean toUnapproved, List<String> verified) {
    /** The default without the key. */
    public static final RollbackPolicy DEFAULT = new RollbackPolicy(List.of(), List.of(), false, false, List.of());

    /** Complete ids only: any user who can push can create another commit with the same prefix. */
    private static final Pattern REVISION = Pattern.compile("[0-9a-f]{40}");

    public RollbackPolicy {
        users = List.copyOf(users);
        groups = List.copyOf(groups);
        verified = List.copyOf(verified);
    }

    /** Whether this is a valid entry of {@code verified}. */
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
     * Whether a person may roll back.
     *
     * @param user id of the person
     * @param memberOf groups of the person
     * @param userKey normalizes user ids as the security realm compares them
     * @param groupKey normalizes group names in the same way
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

    /** Whether {@code verified} lists this state: its revision, or every one of its images. */
    public boolean isVerified(String revision, List<ImageReference> images) {
        return verified.contains(revision)
                || !images.isEmpty() && images.stream().allMatch(image -> verified.contains(image.toString()));
    }
}
