package io.jenkins.plugins.gitops.core.report;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.is;
import static org.junit.Assert.assertThrows;

import io.jenkins.plugins.gitops.core.model.AgentKind;
import io.jenkins.plugins.gitops.core.model.Target;
import io.jenkins.plugins.gitops.core.model.UserErrorException;
import org.junit.Test;

public class AgentTraitsTest {
    private static final Target TARGET = new Target("shop", "live", "apps/shop/live", null);

    @Test
    public void everyKindHasItsOwnTraits() {
        for (AgentKind kind : AgentKind.values()) {
            assertThat(AgentTraits.of(kind).kind(), is(kind));
        }
    }

    @Test
    public void onlyOurAgentAcceptsSyncRequests() throws UserErrorException {
        AgentTraits.of(AgentKind.AGENT).requireSync(TARGET, "dev");
        for (AgentKind kind : new AgentKind[] {AgentKind.ARGO_CD, AgentKind.FLUX}) {
            UserErrorException e = assertThrows(
                    UserErrorException.class, () -> AgentTraits.of(kind).requireSync(TARGET, "main"));
            assertThat(
                    e.getMessage(),
                    containsString(TARGET.id() + " is deployed by " + kind.displayName()
                            + " main, whose status Jenkins can only read"));
        }
    }

    @Test
    public void observerMayRequestFluxReconcileButNotPrune() throws UserErrorException {
        AgentTraits flux = AgentTraits.of(AgentKind.FLUX);
        flux.requireObserverSync(TARGET, "edge", false, false);
        assertRefused("observer edge may not ask it to reconcile", flux, false, true);
        assertRefused("decides itself what it prunes", flux, true, false);
        assertRefused("decides itself what it prunes", flux, true, true);
    }

    @Test
    public void anObserverMayNotSyncArgoCd() {
        AgentTraits argo = AgentTraits.of(AgentKind.ARGO_CD);
        assertRefused("observer edge can ask to compare, not to sync", argo, false, false);
        assertRefused("observer edge can ask to compare, not to sync", argo, true, true);
    }

    private static void assertRefused(String message, AgentTraits traits, boolean prune, boolean readOnly) {
        UserErrorException e = assertThrows(
                UserErrorException.class, () -> traits.requireObserverSync(TARGET, "edge", prune, readOnly));
        assertThat(e.getMessage(), containsString(message));
    }
}
