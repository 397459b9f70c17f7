package io.jenkins.plugins.gitops.core.promotion;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.is;

import io.jenkins.plugins.gitops.core.delivery.ApprovalPolicy;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.junit.Test;

public class ApprovalGateTest {
    private static final ApprovalPolicy LEADS_OR_BOB = new ApprovalPolicy(List.of("leads"), List.of("bob"), 1);
    private static final ApprovalPolicy LEADS_AND_QA = new ApprovalPolicy(List.of("leads", "qa"), List.of(), 2);

    @Test
    public void nobodyHasApproved() {
        assertThat(gate(LEADS_OR_BOB).missing(List.of()), is(Optional.of("0 of 1 approvals by group leads, user bob")));
    }

    @Test
    public void listedUserOrGroupMemberSuffices() {
        assertThat(gate(LEADS_OR_BOB).missing(List.of(by("bob"))), is(Optional.empty()));
        assertThat(gate(LEADS_OR_BOB).missing(List.of(by("carol", "leads"))), is(Optional.empty()));
    }

    @Test
    public void unlistedPersonDoesNotCount() {
        assertThat(
                gate(LEADS_OR_BOB).refusal(by("mallory", "interns"), List.of()),
                is(Optional.of("mallory is not among the approvers: group leads, user bob")));
        assertThat(gate(LEADS_OR_BOB).missing(List.of(by("mallory"))).isPresent(), is(true));
    }

    @Test
    public void requesterDoesNotCountEvenIfListed() {
        ApprovalGate gate = gate(LEADS_OR_BOB, "bob");
        assertThat(
                gate.refusal(by("bob"), List.of()),
                is(Optional.of(
                        "bob requested this promotion, started its build or wrote the change; another person must"
                                + " approve")));
        assertThat(gate.missing(List.of(by("bob"))).isPresent(), is(true));
    }

    @Test
    public void userIdsAreComparedCaseInsensitively() {
        assertThat(gate(LEADS_OR_BOB, "BOB").refusal(by("bob"), List.of()).isPresent(), is(true));
        assertThat(gate(LEADS_OR_BOB).missing(List.of(by("Bob"))), is(Optional.empty()));
        assertThat(gate(LEADS_OR_BOB).missing(List.of(by("carol", "Leads"))), is(Optional.empty()));
    }

    @Test
    public void onePersonCountsOnce() {
        ApprovalPolicy two = new ApprovalPolicy(List.of(), List.of("bob", "carol"), 2);
        assertThat(gate(two).refusal(by("BOB"), List.of(by("bob"))), is(Optional.of("BOB has already approved")));
        assertThat(
                gate(two).missing(List.of(by("bob"), by("bob"))),
                is(Optional.of("1 of 2 approvals by user bob, user carol")));
        assertThat(gate(two).missing(List.of(by("bob"), by("carol"))), is(Optional.empty()));
    }

    @Test
    public void eachGroupMustBeAmongThem() {
        assertThat(
                gate(LEADS_AND_QA).missing(List.of(by("bob", "leads"), by("carol", "leads"))),
                is(Optional.of("an approval by group qa")));
        assertThat(gate(LEADS_AND_QA).missing(List.of(by("bob", "leads"), by("carol", "qa"))), is(Optional.empty()));
    }

    @Test
    public void memberOfBothGroupsCountsForOne() {
        assertThat(
                gate(LEADS_AND_QA).missing(List.of(by("bob", "leads", "qa"))),
                is(Optional.of("1 of 2 approvals by group leads, group qa")));
        assertThat(
                gate(LEADS_AND_QA).missing(List.of(by("bob", "leads", "qa"), by("carol", "leads"))),
                is(Optional.empty()));
        assertThat(
                gate(LEADS_AND_QA).missing(List.of(by("carol", "leads"), by("bob", "leads", "qa"))),
                is(Optional.empty()));
    }

    @Test
    public void fewerApprovalsThanGroupsNeedNotCoverThem() {
        ApprovalPolicy any = new ApprovalPolicy(List.of("leads", "qa"), List.of(), 1);
        assertThat(gate(any).missing(List.of(by("carol", "qa"))), is(Optional.empty()));
    }

    private static ApprovalGate gate(ApprovalPolicy policy, String... excluded) {
        UnaryOperator<String> lower = id -> id.toLowerCase(Locale.ROOT);
        return new ApprovalGate(policy, Set.of(excluded), lower, lower);
    }

    private static Approval by(String user, String... groups) {
        return new Approval(user, Set.of(groups));
    }
}
