/* order: packets between us and a supervisor. See order.h.
 *
 * How to read it: sender and receiver of each kind stand beside each other. Pipes travel with an order as the
 * kernel's SCM_RIGHTS, so that the receiver gets descriptors of its own. What is no whole struct is no
 * packet: the receiver takes the other end for gone.
 */
#define _DEFAULT_SOURCE /* CMSG_SPACE, MSG_CMSG_CLOEXEC */
#include "order.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "fail.h"

enum { STRING_MOST = 4096 /* bytes of a report's string */ };

/* Room for the descriptors of one packet, aligned as the kernel wants it. */
union control {
	struct cmsghdr header;
	char room[CMSG_SPACE(sizeof(int) * ORDER_PIPES)];
};

bool
order_send(int socket, const struct order *order, const struct buf *strings, const int *pipes, unsigned count)
{
	union control control = {.room = {0}};
	struct iovec parts[] = {{.iov_base = (void *)(uintptr_t)order, .iov_len = sizeof *order},
	                        {.iov_base = strings->data, .iov_len = strings->len}};
	struct msghdr message = {.msg_iov = parts, .msg_iovlen = 2};
	ssize_t sent;

	assert(count <= ORDER_PIPES);
	assert(!count || order->kind == ORDER_RUN);
	if (count) {
		message.msg_control = control.room;
		message.msg_controllen = CMSG_SPACE(sizeof(int) * count);
		control.header.cmsg_level = SOL_SOCKET;
		control.header.cmsg_type = SCM_RIGHTS;
		control.header.cmsg_len = CMSG_LEN(sizeof(int) * count);
		memcpy(CMSG_DATA(&control.header), pipes, sizeof(int) * count);
	}
	do
		sent = sendmsg(socket, &message, MSG_NOSIGNAL);
	while (sent < 0 && errno == EINTR);
	return sent >= 0;
}

bool
order_receive(int socket, struct order_packet *packet)
{
	union control control;
	struct iovec part = {.iov_base = packet->bytes, .iov_len = ORDER_BYTES};
	struct msghdr message = {.msg_iov = &part,
	                         .msg_iovlen = 1,
	                         .msg_control = control.room,
	                         .msg_controllen = sizeof control.room};
	struct cmsghdr *header;
	ssize_t got;

	for (unsigned i = 0; i < ORDER_PIPES; i++)
		packet->pipe[i] = -1;
	do
		got = recvmsg(socket, &message, MSG_CMSG_CLOEXEC);
	while (got < 0 && errno == EINTR);
	header = got > 0 ? CMSG_FIRSTHDR(&message) : NULL;
	if (header && header->cmsg_type == SCM_RIGHTS)
		memcpy(packet->pipe, CMSG_DATA(header), header->cmsg_len - CMSG_LEN(0));
	if (got < (ssize_t)sizeof packet->order)
		return false;
	memcpy(&packet->order, packet->bytes, sizeof packet->order);
	packet->strings = packet->bytes + sizeof packet->order;
	packet->end = packet->bytes + got;
	return true;
}

char **
order_cut_strings(char **at, const char *end, unsigned count)
{
	char **strings = calloc(count + 1U, sizeof *strings);

	if (!strings)
		die("out of memory");
	for (unsigned i = 0; i < count; i++) {
		char *nul = *at < end ? memchr(*at, 0, (size_t)(end - *at)) : NULL;

		if (!nul) {
			free(strings);
			return NULL;
		}
		strings[i] = *at;
		*at = nul + 1;
	}
	return strings;
}

void
order_send_report(int socket, const struct order_report *report, const char *string)
{
	struct iovec parts[] = {{.iov_base = (void *)(uintptr_t)report, .iov_len = sizeof *report},
	                        {.iov_base = (void *)(uintptr_t)string, .iov_len = strlen(string) + 1}};
	struct msghdr message = {.msg_iov = parts, .msg_iovlen = 2};

	while (sendmsg(socket, &message, MSG_NOSIGNAL) < 0 && errno == EINTR)
		;
}

bool
order_receive_report(int socket, struct order_report *report, struct buf *string)
{
	char room[STRING_MOST + sizeof *report];
	ssize_t got;

	do
		got = recv(socket, room, sizeof room - 1, 0);
	while (got < 0 && errno == EINTR);
	if (got < (ssize_t)sizeof *report) {
		errno = ECHILD;
		return false;
	}
	memcpy(report, room, sizeof *report);
	room[got] = 0;
	if (string)
		buf_puts(string, room + sizeof *report);
	return true;
}
