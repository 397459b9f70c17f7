package io.jenkins.plugins.gitops.core.git;

import io.jenkins.plugins.gitops.agent.demo.GitRequest;
import io.jenkins.plugins.gitops.agent.demo.GitServerHook;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** Blocks the first push at the server until it is opened, so that further changes can be submitted meanwhile. */
final class PushLatch implements GitServerHook {
    private final CountDownLatch reached = new CountDownLatch(1);
    private final CountDownLatch opened = new CountDownLatch(1);
    private final AtomicInteger pushes = new AtomicInteger();

    PushLatch(ServedRepository served) {
        served.server().setHook(this);
    }

    @Override
    public Fault onRequest(GitRequest request) {
        if (request.push() && !request.advertisement()) {
            pushes.incrementAndGet();
            reached.countDown();
            await(opened);
        }
        return Fault.NONE;
    }

    void awaitPush() {
        await(reached);
    }

    void open() {
        opened.countDown();
    }

    int pushes() {
        return pushes.get();
    }

    private static void await(CountDownLatch latch) {
        try {
            if (!latch.await(1, TimeUnit.MINUTES)) {
                throw new AssertionError("nothing came");
            }
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
