package io.jenkins.plugins.gitops.core.delivery;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.is;

import io.jenkins.plugins.gitops.core.model.ImageReference;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.junit.Test;

public class RollbackPolicyTest {
    private static final UnaryOperator<String> LOWER = text -> text.toLowerCase(Locale.ROOT);
    private static final String REVISION = "0123456789abcdef0123456789abcdef01234567";
    private static final ImageReference ONE = new ImageReference("example.com/a", "1.0", null);
    private static final ImageReference OTHER = new ImageReference("example.com/b", "1.0", null);
    private static final ImageReference PINNED =
            new ImageReference("example.com/a", "1.0", "sha256:" + "ab".repeat(32));

    @Test
    public void onlyListedPeopleRollBack() {
        RollbackPolicy policy = new RollbackPolicy(List.of("Bob"), List.of("Leads"), false, false, List.of());
        assertThat(RollbackPolicy.DEFAULT.allows("eve", Set.of(), LOWER, LOWER), is(true));
        assertThat(policy.allows("bob", Set.of(), LOWER, LOWER), is(true));
        assertThat(policy.allows("carol", Set.of("leads"), LOWER, LOWER), is(true));
        assertThat(policy.allows("eve", Set.of("qa"), LOWER, LOWER), is(false));
        assertThat(policy.allows("bob", Set.of(), UnaryOperator.identity(), LOWER), is(false));
        assertThat(policy.describe(), is("group Leads, user Bob"));
    }

    @Test
    public void aStateIsVerifiedByItsRevisionOrByEachOfItsImages() {
        RollbackPolicy policy =
                new RollbackPolicy(List.of(), List.of(), false, false, List.of(REVISION, ONE.toString()));
        String another = "f".repeat(40);
        assertThat(policy.isVerified(REVISION, List.of(OTHER)), is(true));
        assertThat(policy.isVerified(another, List.of(ONE)), is(true));
        assertThat(policy.isVerified(another, List.of(ONE, OTHER)), is(false));
        assertThat("another digest is another image", policy.isVerified(another, List.of(PINNED)), is(false));
        assertThat(policy.isVerified(another, List.of()), is(false));
        assertThat(policy.isVerified(REVISION.substring(0, 12), List.of(OTHER)), is(false));
    }
}
